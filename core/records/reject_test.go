package records

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// The file of rejects can be read by this package, and has every record byte
// for byte.
func TestRejectWriter(t *testing.T) {
	raws := []string{"1,2,3", "", `1,"a"b`, "\"open\r", "two\r\nlines\n", " space ", `\.`, "é\t;|", "\r", "a\rb", `"`, `""`}
	var out bytes.Buffer
	w, err := NewRejectWriter(&out, true)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, raw := range raws {
		reason := "field 1, \"x\"\nand more"
		if err := w.Write(Reject{Line: int64(i + 2), Reason: reason, Raw: raw}); err != nil {
			t.Fatal(err)
		}
		want = append(want, raw)
	}
	again, err := NewRejectWriter(&out, false)
	if err == nil {
		err = again.Write(Reject{Line: 99, Reason: "x", Raw: "y"}, Reject{Line: 100, Reason: "x", Raw: "z"})
	}
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, "y", "z")

	f := open(t, out.String(), Options{Header: HeaderYes, Delimiter: ','})
	p := NewParser(f.Layout, nil)
	var got []string
	err = f.Blocks(Position{})(t.Context(), func(block *Block) bool {
		b := p.Parse(block)
		for row := range b.Len() {
			got = append(got, strings.Clone(b.Text(row, 2)))
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "records", got, want)
	if !strings.HasPrefix(out.String(), "line,reason,record\n2,") || f.Columns[2].Name != "record" {
		t.Errorf("%.60q", out.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestRejectsThatCannotBeWritten(t *testing.T) {
	if _, err := NewRejectWriter(full{}, true); !errors.Is(err, errFull) {
		t.Error(err)
	}
	w, err := NewRejectWriter(full{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(Reject{Line: 1}); !errors.Is(err, errFull) || err.Error() != "write the rejects: no space left" {
		t.Error(err)
	}
}
