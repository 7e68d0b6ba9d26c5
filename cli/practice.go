package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"manyhands/core/practice"
)

// server is the command that starts the practice server.
type server struct {
	Port int `default:"0" placeholder:"N" help:"Port of 127.0.0.1; 0: a free one."`
}

// practice serves until it is interrupted, which is how it ends well.
func (p Program) practice(ctx context.Context, f flags) int {
	port := f.Practice.Port
	if port < 0 || port > 65535 {
		return p.fail(wrongUsage, fmt.Errorf("port: %d is no port, give 0 to 65535", port))
	}
	s, err := practice.Serve(ctx, port)
	if err != nil {
		return p.fail(couldNotRun, fmt.Errorf("%w; give another --port, or 0 for a free one", err))
	}
	if err := announce(p.Out, s.URL(), f); err != nil {
		_ = s.Close()
		return p.fail(couldNotRun, fmt.Errorf("print the address: %w", err))
	}
	<-ctx.Done()
	if err := s.Close(); err != nil {
		return p.fail(couldNotRun, err)
	}
	return allWell
}

// announce prints where the server is and what it offers.
func announce(w io.Writer, url string, f flags) error {
	switch {
	case f.JSON:
		return json.NewEncoder(w).Encode(struct {
			URL   string          `json:"url"`
			Paths []practice.Path `json:"paths"`
		}{url, practice.Paths()})
	case f.Quiet:
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\n\nTo try, with Ctrl-C to end:\n\n", url)
	for _, path := range practice.Paths() {
		fmt.Fprintf(t, "%s\t%s\n\t%s%s\n", path.Pattern, path.About, url, path.Example)
	}
	return t.Flush()
}
