package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// mostRetries is how often a request may be sent again.
const mostRetries = 100

var errNoAddress = errors.New("there are none; give at least one, a list, or data with a column url")

// mostLooked is how many lines are looked at to find an address that can be
// used.
const mostLooked = 1000

// Check names every mistake in the settings. Of the addresses it wants only one
// that can be used: what is wrong with another is said by its row, and by Find.
func (c *Config) Check() error {
	columns, err := c.checkData()
	return errors.Join(
		err,
		c.checkAddresses(columns, err == nil),
		c.checkNumbers(),
		c.checkRequest(),
		c.checkExtract(),
		checkFolder("Save answers to", c.Save),
		checkFolder("Cache", c.Cache),
		c.checkProxy(),
	)
}

// named puts the form's word for a field before what is wrong with it.
func named(label string, err error) error { return fmt.Errorf("%s: %w", label, err) }

func (c *Config) checkData() (columns []string, err error) {
	if c.Data == "" {
		return nil, nil
	}
	err = withTable(c.Data, func(t *addresses.Table) error {
		columns = t.Columns
		return nil
	})
	return columns, err
}

// checkAddresses wants one address that can be used.
func (c *Config) checkAddresses(columns []string, dataKnown bool) error {
	if c.List != "" {
		f, err := addresses.OpenFile(c.List)
		if err != nil {
			return named("List", err)
		}
		_ = f.Close()
	}
	if !dataKnown {
		return nil
	}
	usable, mistakes := false, []error(nil)
	p := &plan{Config: c, columns: columns}
	_, err := p.lines(func(l line) bool {
		wrong := checkLine(l, columns)
		if usable = wrong == nil; !usable {
			mistakes = append(mistakes, wrong)
		}
		return !usable && len(mistakes) < mostLooked
	})
	if err != nil || usable || len(mistakes) == mostLooked {
		return err
	}
	return c.noneUsable(mistakes)
}

func (c *Config) noneUsable(mistakes []error) error {
	label := "Addresses"
	if c.noneTyped() && c.List != "" {
		label = "List"
	}
	switch len(mistakes) {
	case 0:
		return named(label, errNoAddress)
	case 1:
		return named(label, mistakes[0])
	}
	return named(label, fmt.Errorf("none of these %d can be used; %w", len(mistakes), mistakes[0]))
}

// checkLine looks at the first address that the line makes. What columns hold is
// seen when it is read.
func checkLine(l line, columns []string) error {
	t := parse(&l, columns)
	if l.Wrong != "" {
		return l.mistake(0, l.Wrong)
	}
	filled := slices.Repeat([]string{"x"}, len(columns))
	if t.Whole() {
		return nil
	}
	if _, err := web.Address(t.Fill(0, filled)); err != nil {
		return l.mistake(0, err.Error())
	}
	return nil
}

func (c *Config) checkNumbers() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if c.Rate < 0 || c.Rate > addresses.Most {
		wrong("Requests: %d is not possible; choose 1 and more, or 0 for no limit", c.Rate)
	}
	if c.HostRate < 0 || c.HostRate > addresses.Most {
		wrong("Per host: %d is not possible; choose 1 and more, or 0 for no limit", c.HostRate)
	}
	if c.Per < time.Millisecond || c.Per > 24*time.Hour {
		wrong("Per: %v is not possible; choose a time like 1s, from 1ms to 24h", c.Per)
	}
	if c.Timeout < 0 {
		wrong("Timeout: %v is not possible; choose a time like 10s, or 0s for any", c.Timeout)
	}
	if c.Workers < 0 {
		wrong("Workers: %d is not possible; choose auto, or 1 and more", c.Workers)
	}
	if c.Retries < 0 || c.Retries > mostRetries {
		wrong("Retries: %d is not possible; choose 0 to %d", c.Retries, mostRetries)
	}
	return errors.Join(mistakes...)
}

func (c *Config) checkRequest() error {
	var mistakes []error
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
	if !slices.Contains(methods, c.Method) {
		mistakes = append(mistakes, fmt.Errorf("Method: %q is not possible; choose one of %v", c.Method, methods))
	}
	for _, text := range c.Header {
		if _, _, err := web.ParseHeader(text); err != nil {
			mistakes = append(mistakes, named("Headers", err))
		}
	}
	if c.Body != "" && (c.Method == "GET" || c.Method == "HEAD") {
		mistakes = append(mistakes, fmt.Errorf("Body: %s sends none; choose another method, or leave it empty", c.Method))
	} else if path, isFile := strings.CutPrefix(c.Body, "@"); isFile {
		mistakes = append(mistakes, checkBody(path))
	}
	return errors.Join(mistakes...)
}

func checkBody(path string) error {
	f, err := addresses.OpenFile(path)
	if err != nil {
		return named("Body", err)
	}
	defer f.Close() //nolint:errcheck // only looked at
	if info, err := f.Stat(); err == nil && info.Size() > mostSent {
		return fmt.Errorf("Body: %s is larger than %d MiB; send less", path, mostSent>>20)
	}
	return nil
}

func (c *Config) checkExtract() error {
	var mistakes []error
	titles := map[string]bool{}
	for _, p := range c.paths() {
		switch {
		case p.path == "":
			mistakes = append(mistakes, fmt.Errorf("Extract: %s= has no path; write it as NAME=PATH", p.title))
		case slices.Contains(keysTaken, p.title):
			mistakes = append(mistakes, fmt.Errorf("Extract: every row has a %q already; give this one another name, as my_%s=%s", p.title, p.title, p.path))
		case titles[p.title]:
			mistakes = append(mistakes, fmt.Errorf("Extract: two columns are called %q; give one another name, as NAME=PATH", addresses.Brief(p.title, 60)))
		}
		titles[p.title] = true
	}
	return errors.Join(mistakes...)
}

func checkFolder(label, folder string) error {
	if folder == "" {
		return nil
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %s cannot be used (%w); choose another folder", label, folder, addresses.Bare(err))
	case !info.IsDir():
		return fmt.Errorf("%s: %s is a file; choose a folder", label, folder)
	}
	return nil
}

func (c *Config) checkProxy() error {
	client, err := web.New(web.Options{Proxy: c.Proxy})
	if err != nil {
		return named("Proxy", errors.Unwrap(err))
	}
	client.Close()
	return nil
}
