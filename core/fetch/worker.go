package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"manyhands/core"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// Bodies of more than smallBody bytes are read by at most mostLarge workers at
// once: that bounds the memory of any number of workers.
const (
	smallBody = 1 << 20
	mostLarge = 4
)

// worker does the requests of a run; all workers share it.
type worker struct {
	*Config
	paths  []extraction // to extract
	form   *form
	client *web.Client
	saved  *safefile.Folder // nil: bodies are not saved
	cache  *cache           // nil: there is none
	meter  *meter
	tally  *tally
	robots *robots
	large  chan struct{}
}

// answer is a response with its body.
type answer struct {
	*http.Response
	body   []byte
	cached bool
	took   time.Duration // from sending to the last byte
}

// againError is a failure that may pass, or a request that was given back.
type againError struct {
	err  error
	wait time.Duration
}

func (e *againError) Error() string { return e.err.Error() }
func (e *againError) Unwrap() error { return e.err }

// sendAgain is the run's core.Retry.
func sendAgain(err error, _ int) (time.Duration, bool) {
	again, ok := errors.AsType[*againError](err)
	if !ok {
		return 0, false
	}
	return again.wait, true
}

// Do sends a request, once.
func (w *worker) Do(ctx context.Context, it *item) (Response, error) {
	r, err := w.do(ctx, it)
	if ctx.Err() == nil {
		w.tally.row(r, err)
	}
	return r, err
}

func (w *worker) do(ctx context.Context, it *item) (Response, error) {
	if it.wrong != nil {
		return Response{}, it.wrong
	}
	req, err := w.form.request(ctx, it)
	if err != nil {
		return Response{}, web.Explain(err)
	}
	if w.Robots {
		if err := w.allowed(ctx, req, it); err != nil {
			return Response{}, err
		}
	}
	var trace web.Trace
	a, err := w.send(req, &trace)
	if back := givenBack(err); back != nil {
		return Response{}, back
	}
	w.tally.sent(it)
	if err == nil {
		err = statusError(a.Response)
	}
	it.tries = append(it.tries, newTry(trace, a, err))
	w.kept.add(it.seq, newDetail(req, it, a))
	if err != nil {
		return Response{}, w.failed(req, it, err)
	}
	return w.response(ctx, it, a, &trace)
}

// allowed is nil if robots.txt allows the request, else what becomes of it.
func (w *worker) allowed(ctx context.Context, req *http.Request, it *item) error {
	allowed, err := w.robots.allow(ctx, req.URL)
	if back := givenBack(err); back != nil {
		return back
	}
	switch {
	case err != nil:
		it.tries = append(it.tries, newTry(web.Trace{}, nil, err))
		return w.failed(req, it, err)
	case !allowed:
		return errDisallowed
	}
	return nil
}

// givenBack is what becomes of a request that was not sent, since its host
// asked for a pause; nil for other errors.
func givenBack(err error) error {
	if paused, ok := errors.AsType[*web.PausedError](err); ok {
		return &againError{paused, paused.For}
	}
	return nil
}

// send sends a request and reads the answer. An error may come with the answer
// whose body could not be read.
func (w *worker) send(req *http.Request, trace *web.Trace) (*answer, error) {
	if w.cache != nil {
		w.cache.ask(req)
	}
	ctx := w.meter.watch(req.Context())
	resp, err := w.client.Do(req.WithContext(web.WithTrace(ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end, or given up
	a := &answer{Response: resp}
	web.LimitBody(resp, 0)
	a.body, err = w.read(ctx, resp)
	a.took = time.Since(trace.Sent)
	if err != nil {
		return a, web.Explain(err)
	}
	w.meter.answered(time.Now(), a.took)
	w.tally.answered(a.took)
	if w.cache != nil {
		err = w.cache.use(req, a)
	}
	return a, err
}

// read reads a body into memory.
func (w *worker) read(ctx context.Context, resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= smallBody {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := io.CopyN(&b, resp.Body, smallBody)
	if errors.Is(err, io.EOF) {
		return b.Bytes(), nil
	}
	if err != nil {
		return b.Bytes(), err
	}
	select {
	case w.large <- struct{}{}:
	case <-ctx.Done():
		return b.Bytes(), context.Cause(ctx)
	}
	defer func() { <-w.large }()
	_, err = b.ReadFrom(resp.Body)
	return b.Bytes(), err
}

// backOff is the wait before a request is sent again, by how often it was.
var backOff = core.Backoff(1<<30, time.Second/2, 30*time.Second)

// failed decides whether a request is sent again, and if not, says why it
// failed.
func (w *worker) failed(req *http.Request, it *item, err error) error {
	status, isStatus := errors.AsType[*StatusError](err)
	passes := !isStatus && web.Temporary(err) || isStatus && web.RetryStatus(status.Code)
	refused := isStatus && status.Code == http.StatusTooManyRequests // it did nothing
	if passes && (refused || repeatable(req)) && len(it.tries) <= w.Retries {
		wait := w.client.Paused(web.Host(req.URL))
		if wait == 0 {
			wait, _ = backOff(err, len(it.tries))
		}
		return &againError{err, wait}
	}
	err = web.Explain(err)
	if len(it.tries) > 1 {
		return fmt.Errorf("%w (after %d tries)", err, len(it.tries))
	}
	return err
}

// response is the row of an answer that is as it should be.
func (w *worker) response(ctx context.Context, it *item, a *answer, trace *web.Trace) (Response, error) {
	r := newResponse(it, a, trace)
	if len(w.Extract) > 0 {
		r.extract(w.paths, a.body)
	}
	if w.saved == nil || a.Request.Method == http.MethodHead || a.StatusCode == http.StatusNotModified && !a.cached {
		return r, nil
	}
	f, err := w.saved.Create(saveName(it.save, r.Type), safefile.Rename)
	if err != nil {
		return r, err
	}
	defer f.Abort()
	if _, err := f.Write(a.body); err != nil {
		return r, err
	}
	r.Saved, err = f.Commit(ctx)
	return r, err
}
