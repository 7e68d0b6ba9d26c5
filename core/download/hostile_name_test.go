package download_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
	"manyhands/core/safefile"
)

// hell are names that servers give, and what files are called.
var hell = []struct{ disposition, name string }{
	{`attachment; filename="../../etc/passwd"`, "passwd"},
	{`attachment; filename="..\..\windows\win.ini"`, "windowswin.ini"}, // as RFC 9110, section 5.6.4, has it
	{`attachment; filename=..\..\windows\win.ini`, "win.ini"},
	{`attachment; filename=/etc/shadow`, "shadow"},
	{`attachment; filename="C:\x\boot.ini"`, "boot.ini"},
	{`attachment; filename="C:autoexec.bat"`, "C_autoexec.bat"},
	{`attachment; filename="\\server\share\a.txt"`, "a.txt"},
	{`attachment; filename="CON"`, "_CON"},
	{`attachment; filename="nul.txt"`, "_nul.txt"},
	{`attachment; filename="COM1.log"`, "_COM1.log"},
	{`attachment; filename=".bashrc"`, "bashrc"},
	{`attachment; filename="...hidden"`, "hidden"},
	{`attachment; filename=".."`, "given.bin"},
	{`attachment; filename="."`, "given.bin"},
	{`attachment; filename=""`, "given.bin"},
	{`attachment; filename="folder/"`, "folder"},
	{`attachment; filename="  "`, "given.bin"},
	{`attachment; filename="dots. . ."`, "dots"},
	{`attachment; filename="a.exe:stream"`, "a.exe_stream"},
	{`attachment; filename="a<b>c|d?e*f.txt"`, "a_b_c_d_e_f.txt"},
	{"attachment; filename=\"invoice\u202Efdp.exe\"", "invoice_fdp.exe"},
	{"attachment; filename=\"tab\there.txt\"", "tab_here.txt"},
	{"attachment; filename=\"b\xe4r.txt\"", "bär.txt"},
	{`attachment; filename*=UTF-8''na%C3%AFve%20file.txt`, "naïve file.txt"},
	{`attachment; filename*=ISO-8859-1''%A3.txt; filename="no.txt"`, "£.txt"},
	{`attachment; filename*=UTF-8''..%2F..%2Fetc%2Fgroup`, "group"},
	{`attachment; filename*=UTF-8''%2e%2e%5C%2e%2e%5Cevil.dll`, "evil.dll"},
	{`attachment; filename*=UTF-8''a%00b.txt`, "a_b.txt"},
	{`attachment; filename*=UTF-8''%FF%FE; filename="fallback.txt"`, "fallback.txt"},
	{`attachment; filename="=?UTF-8?B?csOpc3Vtw6kucGRm?="`, "résumé.pdf"},
	{`attachment; filename="=?UTF-8?Q?..=2F..=2Fx.sh?="`, "x.sh"},
	{`attachment; filename="%2e%2e%2fup.txt"`, "up.txt"},
	{`attachment; filename="a\"b.txt"`, "a_b.txt"},
	{`attachment; filename="one.txt"; filename="two.txt"`, "one.txt"},
	{`filename=bare.txt`, "bare.txt"},
	{`garbage`, "given.bin"},
}

func TestNamesFromHell(t *testing.T) {
	t.Parallel()
	server := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		var i int
		_, _ = fmt.Sscanf(r.URL.RawQuery, "%d", &i)
		f := honest
		f.Extra = []string{"Content-Disposition: " + hell[i].disposition}
		c.Send(f.Answer(r))
	})
	for i, test := range hell {
		outer := t.TempDir()
		c := settings(t, fmt.Sprintf("%s/given.bin?%d", server.URL, i))
		c.To = filepath.Join(outer, "in", "side")
		o := run(t, c)
		o.whole(t, content)
		all, _ := files(t, outer)
		if names := slices.Collect(maps.Keys(all)); len(names) != 1 || names[0] != filepath.Join("in", "side", test.name) {
			t.Errorf("%s: %q, want %q; %v", test.disposition, names, test.name, o.rows)
		}
	}
}

func TestNamesThatAreTooLong(t *testing.T) {
	t.Parallel()
	for _, long := range []string{
		strings.Repeat("x", 5000) + ".tar.gz", strings.Repeat("ä", 200) + ".jpg", strings.Repeat("🙂", 100) + ".txt", "x." + strings.Repeat("e", 500),
	} {
		f := honest
		f.Extra = []string{`Content-Disposition: attachment; filename="` + long + `"`}
		a := attack(t, serve(f), nil)
		a.expect(t, content)
		if len(a.File) > 255 || !utf8.ValidString(a.File) || len(long) < 500 && filepath.Ext(a.File) != filepath.Ext(long) {
			t.Errorf("%d bytes: %q", len(a.File), a.File)
		}
	}
}

// The run gives no two files one name, on whatever system: names that differ
// in case only, and those of the program's own unfinished files.
func TestNamesThatCollide(t *testing.T) {
	t.Parallel()
	names := []string{
		"Photo.jpg", "photo.JPG", "photo.jpg", "photo-2.jpg", "PHOTO-2.jpg", "photo.jpg.part", "photo.jpg.part.json", "Photo.jpg.PART",
		".manyhands-AAAAAAAAAAAAAAAAAAAAAAAAAA.part", "e\u0301.txt", "\u00e9.txt",
	}
	server := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		var i int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &i)
		f := hostile.File{Content: hostile.Content(uint64(i), fileSize), ETag: `"1"`}
		f.Extra = []string{`Content-Disposition: attachment; filename="` + names[i] + `"`}
		if r.N == 1 {
			c.Cut(f.Answer(r), cutAt)
			return
		}
		c.Send(f.Answer(r))
	})
	c := settings(t)
	for i := range names {
		c.URLs = append(c.URLs, fmt.Sprintf("%s/%d", server.URL, i))
	}
	c.Workers, c.Retries = 4, 2
	o := run(t, c)
	o.expect(t, len(names), 0, 0)
	finished, unfinished := files(t, c.To)
	seen := map[string]bool{}
	for _, row := range o.rows {
		d := row.Out.(download.Download)
		var i int
		_, _ = fmt.Sscanf(strings.TrimPrefix(row.Item, server.URL), "/%d", &i)
		if finished[d.File] != string(hostile.Content(uint64(i), fileSize)) {
			t.Errorf("%s, as %s, is %d bytes of something else", names[i], d.File, len(finished[d.File]))
		}
		if seen[strings.ToLower(d.File)] {
			t.Errorf("%s was given twice", d.File)
		}
		seen[strings.ToLower(d.File)] = true
	}
	if len(finished) != len(names) || len(unfinished) > 0 {
		t.Errorf("%d files: %v, and %d unfinished", len(finished), slices.Sorted(maps.Keys(finished)), len(unfinished))
	}
}

// occupied is a folder in which the name is taken, and what lies outside of it.
func occupied(t *testing.T, by string) (inside, outside string) {
	t.Helper()
	outer := t.TempDir()
	inside, outside = filepath.Join(outer, "in"), filepath.Join(outer, "precious")
	path := filepath.Join(inside, "file.bin")
	err := os.Mkdir(inside, 0o755)
	if err == nil {
		err = os.WriteFile(outside, []byte("precious"), 0o600)
	}
	if err == nil {
		switch by {
		case "a file":
			err = os.WriteFile(path, []byte("before"), 0o600)
		case "a folder":
			err = os.MkdirAll(filepath.Join(path, "full"), 0o755)
		case "a link to a file outside":
			err = os.Symlink(outside, path)
		case "a link to a folder outside":
			err = os.Symlink(outer, path)
		case "a link to nothing":
			err = os.Symlink(filepath.Join(outer, "new"), path)
		case "a link as a part":
			err = os.Symlink(outside, path+".part")
		case "a link as a journal":
			err = os.Symlink(outside, path+".part.json")
		case "a folder as a part":
			err = os.Mkdir(path+".part", 0o755)
		case "another's part":
			err = os.WriteFile(path+".part", []byte("before"), 0o600)
		}
	}
	if err != nil {
		t.Skip("this computer cannot: ", err)
	}
	return inside, outside
}

func TestNamesThatAreTaken(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"a file", "a folder", "a link to a file outside", "a link to a folder outside", "a link to nothing", "a link as a part", "a link as a journal", "a folder as a part", "another's part"} {
		for _, existing := range []safefile.Existing{safefile.Skip, safefile.Rename, safefile.Replace} {
			for _, cut := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, cut %v", by, existing, cut), func(t *testing.T) {
					t.Parallel()
					inside, outside := occupied(t, by)
					answer := serve(honest)
					if cut {
						answer = cutThen(honest, answer)
					}
					server := hostile.Serve(t, answer)
					c := settings(t, server.URL+"/file.bin")
					c.To, c.Existing, c.Retries = inside, existing, 2
					o := run(t, c)
					checkTaken(t, o, by, outside)
				})
			}
		}
	}
}

// checkTaken knows what may become of a file whose name is taken.
func checkTaken(t *testing.T, o outcome, by, outside string) {
	t.Helper()
	if text, err := os.ReadFile(outside); string(text) != "precious" || err != nil {
		t.Errorf("the file outside is %q, %v", text, err)
	}
	if _, err := os.Lstat(filepath.Join(filepath.Dir(outside), "new")); err == nil {
		t.Error("a file was made outside")
	}
	row, path := o.rows[0], filepath.Join(o.To, "file.bin")
	d, _ := row.Out.(download.Download)
	asPart := strings.Contains(by, "part") || strings.Contains(by, "journal")
	want, name := core.OK, "file.bin"
	switch {
	case asPart:
	case o.Existing == safefile.Skip:
		want = core.Skipped
	case o.Existing == safefile.Rename:
		name = "file-2.bin"
	case by == "a folder":
		want = core.Failed
		expectWords(t, row)
	}
	if row.Status != want || want == core.OK && d.File != name {
		t.Errorf("%v as %q, want %v as %q; %v", row.Status, d.File, want, name, row.Err)
	}
	if want == core.OK {
		info, err := os.Lstat(filepath.Join(o.To, name))
		text, _ := os.ReadFile(filepath.Join(o.To, name))
		if err != nil || !info.Mode().IsRegular() || string(text) != string(content) {
			t.Errorf("%s is not what the server has: %v", name, err)
		}
	}
	if text, _ := os.ReadFile(path); by == "a file" && o.Existing != safefile.Replace && string(text) != "before" {
		t.Errorf("the file that was there is %q", text[:min(len(text), 20)])
	}
	if text, _ := os.ReadFile(path + ".part"); by == "another's part" && string(text) != "before" {
		t.Errorf("the part that was there is %q", text[:min(len(text), 20)])
	}
	if _, err := os.Stat(filepath.Join(path, "full")); by == "a folder" && err != nil {
		t.Error("the folder that was there is gone")
	}
}
