package fetch

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Drop takes text files as the list, CSV files as the data, and anything else
// as addresses.
func (c *Config) Drop(dropped []string) error {
	list, data, addresses := "", "", []string(nil)
	for _, text := range dropped {
		lower := strings.ToLower(text)
		switch info, err := os.Stat(text); {
		case err == nil && info.IsDir():
			return fmt.Errorf("%s is a folder; drop a text file with addresses, a CSV file, or addresses", text)
		case err == nil && (strings.HasSuffix(lower, ".csv") || strings.HasSuffix(lower, ".tsv")):
			data = text
		case err == nil:
			list = text
		default:
			for line := range strings.Lines(text) {
				addresses = append(addresses, strings.TrimSpace(line))
			}
		}
	}
	addresses = slices.DeleteFunc(addresses, func(s string) bool { return s == "" })
	if data != "" {
		c.Data, c.only = data, nil
	}
	if list != "" || len(addresses) > 0 {
		c.List, c.URLs, c.only = list, addresses, nil
	}
	return nil
}
