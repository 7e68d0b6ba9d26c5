package download

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"manyhands/core/download/transfer"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// Readdress gives a download, named as in Row.Item, another address. What was
// loaded of it is gone on with, if it is the same file. An address that came
// from a range or a list is added to the typed ones.
func (c *Config) Readdress(name, address string) (now string, err error) {
	u, err := web.Address(address)
	if err != nil {
		return "", err
	}
	old, err := c.find(name)
	if err != nil {
		return "", err
	}
	folder, err := safefile.Open(c.To)
	if err != nil {
		return "", err
	}
	err = transfer.Reassign(folder, old.address, u.String())
	if err = errors.Join(err, folder.Close()); err != nil {
		return "", err
	}
	c.replace(old, u.String())
	c.only = nil
	return u.Redacted(), nil
}

// find finds a download by its Row.Item.
func (c *Config) find(name string) (found *item, err error) {
	_, err = (&want{Config: c}).each(context.Background(), func(it *item) bool {
		if it.shown == name && it.wrong == "" {
			found = it
		}
		return found == nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%s is not among the addresses any more", name)
	}
	return found, err
}

// replace puts an address in the place of another, and keeps its name.
func (c *Config) replace(old *item, address string) {
	lines := strings.Split(strings.Join(c.URLs, "\n"), "\n")
	for i, line := range lines {
		if first, rest, _ := strings.Cut(strings.TrimSpace(line), " "); first == old.address {
			lines[i] = strings.TrimSpace(address + " " + rest)
			c.URLs = lines
			return
		}
	}
	name := old.name
	if name == "" && old.sure {
		name = old.likely
	}
	c.URLs = append(c.URLs, strings.TrimSpace(address+" "+name))
}
