package hostile

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"
)

var errClosed = errors.New("the connection is closed")

// Conn is a connection that a script writes to. Errors of writing mean that the
// client has gone, which ends loops; else they need no looking at.
type Conn struct {
	net.Conn     // TLS, if the server has it
	Number   int // among the server's connections, from 1

	tcp    *net.TCPConn
	in     *bufio.Reader
	over   <-chan struct{}
	closed bool
}

func (c *Conn) secure(config *tls.Config) {
	secured := tls.Server(c.tcp, config)
	if secured.Handshake() != nil {
		_ = c.Close()
		return
	}
	c.Conn, c.in = secured, bufio.NewReader(secured)
}

// Print writes bytes as they are.
func (c *Conn) Print(text string) error {
	if c.closed {
		return errClosed
	}
	_, err := io.WriteString(c.Conn, text)
	return err
}

// PrintRaw writes bytes below TLS.
func (c *Conn) PrintRaw(text string) error {
	_, err := io.WriteString(c.tcp, text)
	return err
}

// Send writes a whole answer at once.
func (c *Conn) Send(a Answer) { _ = c.Print(a.Head() + string(a.Body)) }

// Begin writes the header of an answer.
func (c *Conn) Begin(a Answer) { _ = c.Print(a.Head()) }

// Cut sends the header and the first n bytes of the body, and closes the
// connection.
func (c *Conn) Cut(a Answer, n int) {
	a.Body = a.Body[:min(n, len(a.Body))]
	c.Send(a)
	_ = c.Close()
}

// CutHard does the same, and resets the connection once the client has had
// time to read: what it has not read by then is lost to it.
func (c *Conn) CutHard(a Answer, n int) {
	a.Body = a.Body[:min(n, len(a.Body))]
	c.Send(a)
	c.Wait(200 * time.Millisecond)
	c.Reset()
}

// Stall sends the header and the first n bytes of the body, and nothing more,
// until the client goes.
func (c *Conn) Stall(a Answer, n int) {
	a.Body = a.Body[:min(n, len(a.Body))]
	c.Send(a)
	c.Hold()
}

// Drip sends an answer in pieces of so many bytes, its header, too, and waits
// before each.
func (c *Conn) Drip(a Answer, size int, every time.Duration) {
	c.DripText(a.Head()+string(a.Body), size, every)
}

// DripText does that with any bytes.
func (c *Conn) DripText(text string, size int, every time.Duration) {
	for len(text) > 0 && c.Wait(every) {
		n := min(size, len(text))
		if c.Print(text[:n]) != nil {
			_ = c.Close()
			return
		}
		text = text[n:]
	}
}

// Forever writes the same bytes until the client goes, or takes so many that it
// must be taken for one that never will, and returns how many it wrote.
func (c *Conn) Forever(piece string) (sent int64) {
	for sent < forever && c.Print(piece) == nil {
		sent += int64(len(piece))
	}
	_ = c.Close()
	return sent
}

// forever keeps a client that does not go from filling the disk.
const forever = 1 << 29

// Wait waits. It is false when the server is closed meanwhile.
func (c *Conn) Wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.over:
		_ = c.Close()
		return false
	}
}

// Hold keeps the connection open until the client closes it.
func (c *Conn) Hold() {
	_, _ = io.Copy(io.Discard, c.in)
	_ = c.Close()
}

// Reset closes the connection with an RST rather than a FIN.
func (c *Conn) Reset() {
	_ = c.tcp.SetLinger(0)
	c.closed = true
	_ = c.tcp.Close()
}

// Close closes the connection. No more requests are read from it.
func (c *Conn) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	return c.tcp.Close()
}
