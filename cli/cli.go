// Package cli is the program without its window: every scenario is a command
// whose flags are the fields of its settings.
//
//	manyhands images ~/Photos --to ~/Photos/small --size 1600x1200 --fit inside
//
// What a command prints and its exit status are a contract, the same for all
// scenarios:
//
//	stdout   a summary; with --json a line of JSON per result and a last line
//	         {"report":{…}}
//	stderr   progress, and a line for each item that failed
//	status   0 all ok or skipped · 1 some items failed · 2 wrong usage or
//	         settings · 3 the run could not go on · 130 interrupted
package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"manyhands/core"
	"manyhands/core/catalog"
)

// The exit statuses.
const (
	allWell     = 0
	someFailed  = 1
	wrongUsage  = 2
	couldNotRun = 3
	interrupted = 130
)

// Program is what the commands work with.
type Program struct {
	Scenarios []catalog.Scenario
	Version   string
	Out, Err  io.Writer
}

// flags are those that every command has.
type flags struct {
	JSON    bool             `help:"Print a line of JSON per result, and a report as the last."`
	CSV     string           `type:"path" placeholder:"FILE" help:"Write the results to a CSV file."`
	Quiet   bool             `help:"Print nothing but errors."`
	Preset  string           `placeholder:"NAME|FILE" help:"Settings to begin with; other flags change them. See manyhands presets."`
	Save    string           `name:"save-preset" placeholder:"NAME|FILE.json" help:"Keep the settings as a preset, or write it to a file for others, and do nothing else."`
	Version kong.VersionFlag `help:"Print the version."`
	Presets presets          `cmd:"" help:"List the presets of every scenario."`
	Demo    demo             `cmd:"" help:"Run every scenario on sample data, with one worker and with several."`

	Practice server `cmd:"" help:"Serve files and a web API on this computer, to try things on: slow, cut, limited, failing."`
}

// exit is thrown by kong's --help and --version.
type exit int

// Main runs the command that args name and returns its exit status.
func (p Program) Main(ctx context.Context, args []string) (status int) {
	defer func() {
		if code := recover(); code != nil {
			if _, ok := code.(exit); !ok {
				panic(code)
			}
			status = int(code.(exit))
		}
	}()
	var f flags
	preset := fromPreset{scenarios: p.Scenarios}
	parser, configs, err := p.parser(&f, &preset)
	if err != nil {
		return p.fail(couldNotRun, err)
	}
	command, err := parser.Parse(inFull(args, p.Scenarios))
	if err == nil {
		err = preset.err
	}
	if err != nil {
		fmt.Fprintf(p.Err, "manyhands: %v (see manyhands --help)\n", err)
		return wrongUsage
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	name := command.Selected().Name
	for i, s := range p.Scenarios {
		if s.Name == name {
			return p.scenario(ctx, s, configs[i], f)
		}
	}
	switch name {
	case "presets":
		return p.presets()
	case "practice":
		return p.practice(ctx, f)
	}
	return p.demo(ctx, f)
}

func (p Program) parser(f *flags, preset *fromPreset) (*kong.Kong, []catalog.Config, error) {
	options := []kong.Option{
		kong.Name("manyhands"),
		kong.Description("Batch work with many workers, and what each of them did.\n\nWithout a command it opens its window."),
		kong.Vars{"version": "manyhands " + p.Version},
		kong.Writers(p.Out, p.Err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.Resolvers(preset),
	}
	configs := make([]catalog.Config, len(p.Scenarios))
	for i, s := range p.Scenarios {
		configs[i] = s.New()
		options = append(options, kong.DynamicCommand(s.Name, s.About, "", configs[i]))
	}
	parser, err := kong.New(f, options...)
	return parser, configs, err
}

// inFull writes flags out that are short for one choice of a setting: --append
// for --mode=append.
func inFull(args []string, scenarios []catalog.Scenario) []string {
	at := slices.IndexFunc(scenarios, func(s catalog.Scenario) bool { return slices.Contains(args, s.Name) })
	if at < 0 {
		return args
	}
	fields, err := catalog.Fields(scenarios[at].New())
	if err != nil {
		return args
	}
	short := map[string]string{}
	for _, f := range fields {
		for _, choice := range f.Choices {
			if f.Flags {
				short["--"+choice] = "--" + f.Name + "=" + choice
			}
		}
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		args[i] = cmp.Or(short[arg], arg)
	}
	return args
}

// scenario keeps settings as a preset, or runs them.
func (p Program) scenario(ctx context.Context, s catalog.Scenario, cfg catalog.Config, f flags) int {
	if f.Save != "" {
		return p.savePreset(s, cfg, f.Save)
	}
	return p.run(ctx, s, cfg, f)
}

// run does the work of one scenario.
func (p Program) run(ctx context.Context, s catalog.Scenario, cfg catalog.Config, f flags) int {
	if err := cfg.Check(); err != nil {
		return p.fail(wrongUsage, err)
	}
	working, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	s.Columns = catalog.ColumnsFor(s, cfg)
	out, err := p.newOutput(f, s, func() { stop(core.ErrCancelled) })
	if err != nil {
		return p.fail(wrongUsage, err)
	}
	run, err := cfg.Start(working, out.log)
	if err != nil {
		out.abandon()
		return p.fail(couldNotRun, err)
	}
	unhook := context.AfterFunc(ctx, run.Cancel)
	defer unhook()
	report, err := out.follow(run)
	if noter, ok := run.(catalog.Noter); ok {
		out.notes = noter.Notes()
	}
	if writing := out.finish(report, err); writing != nil {
		return p.fail(couldNotRun, fmt.Errorf("write the results: %w", writing))
	}
	return p.verdict(ctx, report, err)
}

// verdict turns a run's end into an exit status, and says why it ended early.
func (p Program) verdict(ctx context.Context, report core.Report, err error) int {
	switch {
	case ctx.Err() != nil && err != nil:
		return p.fail(interrupted, err)
	case err != nil:
		return p.fail(couldNotRun, err)
	case report.Failed > 0:
		return someFailed
	}
	return allWell
}

func (p Program) fail(status int, err error) int {
	fmt.Fprintf(p.Err, "manyhands: %v\n", err)
	return status
}
