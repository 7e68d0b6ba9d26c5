package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// mostBody is the limit of LimitBody that nobody set.
const mostBody = 64 << 20

// body is an answer's body: it is counted, and ends the request's time.
type body struct {
	io.ReadCloser
	flight *flight
	public bool      // it came from a public address, or after one
	held   stopwatch // by the limit of bandwidth
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.readPiece(p)
	b.flight.c.in.Add(int64(n))
	if err != nil {
		err = b.flight.explain(err)
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.flight.end()
	return err
}

// upload is a request's body, counted.
type upload struct {
	io.ReadCloser
	c *Client
}

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.c.out.Add(int64(n))
	return n, err
}

// LimitBody makes the body of an answer fail with a TooLargeError when more
// than so many bytes come, counted unpacked; 0: 64 MiB.
func LimitBody(resp *http.Response, most int64) {
	if most <= 0 {
		most = mostBody
	}
	resp.Body = &limited{resp.Body, most, most}
}

type limited struct {
	io.ReadCloser
	most, left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, &TooLargeError{l.most}
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1] // one byte more tells "just fits" from "too large"
	}
	n, err := l.ReadCloser.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n - 1, &TooLargeError{l.most}
	}
	return n, err
}

// TooLargeError is the error of a body that is larger than LimitBody allows.
type TooLargeError struct{ Most int64 }

func (e *TooLargeError) Error() string {
	if e.Most < 1<<20 {
		return fmt.Sprintf("the answer is larger than %d bytes, the most that is kept", e.Most)
	}
	return fmt.Sprintf("the answer is larger than %d MiB, the most that is kept", e.Most>>20)
}

// explain gives the reason for which a request was ended, rather than that it
// was.
func (f *flight) explain(err error) error {
	if err == io.EOF { //nolint:errorlint // a wrapped one is not the end of the body
		return err
	}
	if late, ok := errors.AsType[*TimeLimitError](context.Cause(f.ctx)); ok {
		return late
	}
	return err
}
