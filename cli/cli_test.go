package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"manyhands/cli"
	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/practice"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"manyhands": manyhands,
		"status":    status,
		"pictures":  pictures,
	})
}

func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("TMPDIR", filepath.Join(e.WorkDir, "tmp"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			return os.Mkdir(filepath.Join(e.WorkDir, "tmp"), 0o755)
		},
	})
}

func TestTerminationEndsARunAndSaysSo(t *testing.T) {
	var out, errs bytes.Buffer
	p := cli.Program{Scenarios: []catalog.Scenario{counting}, Out: &out, Err: &errs}
	kept := make(chan os.Signal, 1) // so that a signal too early or too late does not end the test
	signal.Notify(kept, syscall.SIGTERM)
	defer signal.Stop(kept)
	ticks := time.NewTicker(500 * time.Millisecond)
	defer ticks.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-ticks.C:
				_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
			case <-done:
				return
			}
		}
	}()
	begun := time.Now()
	status := p.Main(t.Context(), []string{"count", "1000", "--each", "100ms", "--workers", "2"})
	if status != 130 || time.Since(begun) > 20*time.Second || !strings.Contains(out.String(), "cancelled") {
		t.Errorf("status %d after %v: %s%s", status, time.Since(begun), &out, &errs)
	}
}

func TestDemoAsJSON(t *testing.T) {
	var out, errs bytes.Buffer
	p := cli.Program{Scenarios: []catalog.Scenario{counting}, Out: &out, Err: &errs}
	if status := p.Main(t.Context(), []string{"demo", "--workers", "4", "--json", "--quiet"}); status != 0 || errs.Len() > 0 {
		t.Errorf("status %d: %s", status, &errs)
	}
	var outcomes []map[string]any
	if err := json.Unmarshal(out.Bytes(), &outcomes); err != nil || len(outcomes) != 1 || outcomes[0]["items"] != 20. {
		t.Errorf("%s: %v", &out, err)
	}
}

// failing is a place that cannot be written to.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestResultsThatCannotBeWrittenEndTheRun(t *testing.T) {
	var errs bytes.Buffer
	p := cli.Program{Scenarios: []catalog.Scenario{counting}, Out: failing{}, Err: &errs}
	begun := time.Now()
	status := p.Main(t.Context(), []string{"count", "1000", "--each", "100ms", "--json"})
	if status != 3 || !strings.Contains(errs.String(), "no space left") || time.Since(begun) > 50*time.Second {
		t.Errorf("status %d after %v: %s", status, time.Since(begun), &errs)
	}
}

// manyhands is the program, with one scenario more.
func manyhands() {
	p := cli.Program{Scenarios: append(catalog.All(), counting), Version: "1.2.3", Out: os.Stdout, Err: os.Stderr}
	os.Exit(p.Main(context.Background(), os.Args[1:]))
}

// status runs a command and succeeds if it ends with the status named first.
func status() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s)
		}
	}()
	_ = cmd.Wait()
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != os.Args[1] {
		fmt.Fprintf(os.Stderr, "exit status %s, want %s\n", got, os.Args[1])
		os.Exit(1)
	}
}

// pictures makes sample pictures: pictures FOLDER N.
func pictures() {
	n, err := strconv.Atoi(os.Args[2])
	if err == nil {
		err = practice.Pictures(context.Background(), os.Args[1], n)
	}
	if err != nil {
		panic(err)
	}
}

// counting is a scenario of a few lines, to test what all have in common. It
// needs nothing in this package, and nothing in gui.
var counting = catalog.Scenario{
	Name: "count", Title: "Count", About: "Count to N.", Item: "Number",
	New:     func() catalog.Config { return catalog.Defaults(new(countTo)) },
	Columns: catalog.ColumnsOf[square](),
	Sample: func(context.Context, string) (catalog.Config, error) {
		c := catalog.Defaults(new(countTo))
		c.N, c.Each = 20, 20*time.Millisecond
		return c, nil
	},
}

type countTo struct {
	N       int           `arg:"" help:"How far."`
	Fail    int           `help:"Every so many fail."`
	Each    time.Duration `help:"How long one takes."`
	Break   bool          `help:"Let the source break."`
	Workers core.Workers  `default:"auto" help:"Workers."`
}

type square struct {
	Square int `json:"square" col:"Square"`
}

func (c *countTo) Scratch(string) {}

func (c *countTo) Check() error {
	if c.N < 0 {
		return fmt.Errorf("n: %d is less than nothing, give 0 or more", c.N)
	}
	return nil
}

func (c *countTo) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	return core.Start(ctx, core.Job[int, square]{
		Total: c.N, Workers: int(c.Workers), Log: log, Source: c.source, Open: core.Func(c.square),
	}), nil
}

func (c *countTo) source(_ context.Context, yield func(int) bool) error {
	for i := range c.N {
		if !yield(i + 1) {
			return nil
		}
	}
	if c.Break {
		return errors.New("cannot count further")
	}
	return nil
}

func (c *countTo) square(ctx context.Context, i int) (square, error) {
	select {
	case <-time.After(c.Each):
	case <-ctx.Done():
		return square{}, ctx.Err()
	}
	if c.Fail > 0 && i%c.Fail == 0 {
		return square{}, errors.New("does not count")
	}
	return square{i * i}, nil
}
