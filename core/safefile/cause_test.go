package safefile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"manyhands/core/safefile"
)

func TestACauseDoesNotNameTheFile(t *testing.T) {
	_, err := os.Open("/none/of/this")
	for _, err := range []error{err, fmt.Errorf("open it: %w", err)} {
		if got := safefile.Cause(err); !errors.Is(got, fs.ErrNotExist) || got.Error() != "no such file or directory" {
			t.Errorf("%v: %v", err, got)
		}
	}
	if other := errors.New("disk on fire"); !errors.Is(safefile.Cause(other), other) || safefile.Cause(nil) != nil {
		t.Error("other errors are changed")
	}
}
