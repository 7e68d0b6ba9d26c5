//go:build unix

package database

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func init() { children["powerless"] = powerless }

// powerless says what becomes of a load and of a look without the rights of
// root, for whom nothing is read-only.
func powerless(path string) {
	if os.Geteuid() == 0 {
		if err := syscall.Setuid(65534); err != nil {
			fmt.Println("skip", err)
			return
		}
	}
	l, err := Open(context.Background(), Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append})
	if err == nil {
		_, err = l.Write(context.Background(), sheet{rows: [][]any{row(1)}})
		l.Close()
	}
	fmt.Println("load:", err)
	b, err := Browse(context.Background(), path)
	if err == nil {
		var g Grid
		g, err = b.Page(context.Background(), View{Table: "t", Limit: 5})
		fmt.Println("rows:", g.Rows)
		b.Close()
	}
	fmt.Println("look:", err)
	l, err = Open(context.Background(), Options{Path: filepath.Join(filepath.Dir(path), "new.db"), Table: "t", Columns: cols("a")})
	if err == nil {
		l.Close()
	}
	fmt.Println("new:", err)
}

func TestWithoutTheRightToWrite(t *testing.T) {
	for name, c := range map[string]struct {
		file, folder os.FileMode
		want         []string
	}{
		"a file that is read-only":   {0o444, 0o777, []string{"load: ", "can only be read: nothing can be loaded", "rows: [[old]]", "look: <nil>", "new: <nil>"}},
		"a folder that is read-only": {0o666, 0o555, []string{"load: ", "cannot be", "folder", "rows: [[old]]", "look: <nil>", "new: ", "cannot be opened"}},
		"a file of others":           {0o000, 0o777, []string{"load: ", "cannot be opened", "look: ", "cannot be opened"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder, err := os.MkdirTemp("", "lane") // t.TempDir is for its user alone
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(folder)
			path := filepath.Join(folder, "t.db")
			outside(t, path, "CREATE TABLE t(a)", "INSERT INTO t VALUES ('old')")
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(folder, c.folder); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "LANE_CHILD="+path, "LANE_MODE=powerless")
			output, err := cmd.CombinedOutput()
			if err != nil || strings.HasPrefix(string(output), "skip") {
				t.Skipf("no other user: %v %s", err, output)
			}
			for _, w := range c.want {
				if !strings.Contains(string(output), w) {
					t.Errorf("%s, want %q in it", output, w)
				}
			}
		})
	}
}
