package download

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"manyhands/core/addresses"
	"manyhands/core/download/list"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// mostRetries is how often a file may be tried again.
const mostRetries = 1000

// Check names every mistake in the settings. Single addresses that are wrong
// are said by their rows, and by Find.
func (c *Config) Check() error {
	return errors.Join(c.checkAddresses(), c.checkTo(), c.checkNumbers(), c.checkFile("Checksums", c.SHA256), c.checkHeader(), c.checkProxy())
}

// named puts the form's word for a field before what is wrong with it.
func named(label string, err error) error { return fmt.Errorf("%s: %w", label, err) }

// checkAddresses looks for one that can be loaded.
func (c *Config) checkAddresses() error {
	if err := c.checkFile("List", c.List); err != nil {
		return err
	}
	wrong, some := "", false
	_, err := c.entries(func(e list.Entry) bool {
		some = e.Wrong == ""
		if wrong == "" {
			wrong = fmt.Sprintf("line %d: %s", e.Line, e.Wrong)
		}
		return !some
	})
	switch {
	case err != nil || some:
		return err
	case wrong == "":
		return errors.New("Addresses: there are none; give at least one, or a list")
	}
	return fmt.Errorf("Addresses: none can be loaded; %s", wrong)
}

func (c *Config) checkFile(label, path string) error {
	if path == "" {
		return nil
	}
	f, err := addresses.OpenFile(path)
	if err != nil {
		return named(label, err)
	}
	return f.Close()
}

func (c *Config) checkTo() error {
	if c.To == "" {
		return errors.New("Save to: no folder is chosen; choose one for the files")
	}
	info, err := os.Stat(c.To)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("Save to: %s cannot be used (%w); choose another folder", c.To, addresses.Bare(err))
	case !info.IsDir():
		return fmt.Errorf("Save to: %s is a file; choose a folder", c.To)
	}
	return nil
}

func (c *Config) checkNumbers() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if c.Workers < 0 {
		wrong("Workers: %d is not possible; choose auto, or 1 and more", c.Workers)
	}
	if c.PerHost < 0 {
		wrong("Per host: %d is not possible; choose 1 and more, or 0 for any", c.PerHost)
	}
	if c.LimitRate < 0 || c.LimitRate > 0 && c.LimitRate < 1000 {
		wrong("Speed limit: %d bytes a second is not possible; choose 1KB or more, or none", c.LimitRate)
	}
	if c.MaxSize < 0 {
		wrong("Largest size: %d is not possible; choose a size like 2GB, or none", c.MaxSize)
	}
	if c.Segments < 0 || c.Segments > mostSegments {
		wrong("Segments: %d is not possible; choose auto, or 1 to %d", c.Segments, mostSegments)
	}
	if c.Retries < 0 || c.Retries > mostRetries {
		wrong("Retries: %d is not possible; choose 0 to %d", c.Retries, mostRetries)
	}
	if c.Stall < time.Millisecond {
		wrong("Stall: %v is not possible; choose a time like 30s", c.Stall)
	}
	if ways := []safefile.Existing{safefile.Skip, safefile.Rename, safefile.Replace}; !slices.Contains(ways, c.Existing) {
		wrong("If a file exists: %q is not possible; choose one of %v", c.Existing, ways)
	}
	return errors.Join(mistakes...)
}

func (c *Config) checkHeader() error {
	_, err := c.header()
	return err
}

func (c *Config) checkProxy() error {
	client, err := web.New(web.Options{Proxy: c.Proxy})
	if err != nil {
		return named("Proxy", errors.Unwrap(err))
	}
	client.Close()
	return nil
}
