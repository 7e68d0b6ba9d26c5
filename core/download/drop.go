package download

import (
	"fmt"
	"os"
	"strings"
)

// Drop takes a file as the list, and anything else as addresses.
func (c *Config) Drop(dropped []string) error {
	listed, urls := "", []string(nil)
	for _, text := range dropped {
		info, err := os.Stat(text)
		switch {
		case err == nil && info.IsDir():
			return fmt.Errorf("%s is a folder; drop a list of addresses, or addresses", text)
		case err == nil && listed != "":
			return fmt.Errorf("%s and %s are two lists; drop one at a time", listed, text)
		case err == nil:
			listed = text
		default:
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); line != "" {
					urls = append(urls, line)
				}
			}
		}
	}
	if listed != "" || len(urls) > 0 {
		c.List, c.URLs, c.only = listed, urls, nil
	}
	return nil
}
