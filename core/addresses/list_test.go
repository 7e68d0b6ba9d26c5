package addresses

import (
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func lines(t *testing.T, text string) []Line {
	t.Helper()
	var all []Line
	if _, err := Each(strings.NewReader(text), func(l Line) bool {
		all = append(all, l)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestListsAreReadWithoutWhatIsNoAddress(t *testing.T) {
	got := lines(t, "\ufeff http://a/ \r\n\n# no\n\thttp://b/\xff\n"+strings.Repeat("x", 2*MostLine)+"\nhttp://c/")
	want := []Line{{"http://a/", 1, ""}, {"http://b/\uFFFD", 4, ""}, {got[2].Text, 5, got[2].Wrong}, {"http://c/", 6, ""}}
	if !slices.Equal(got, want) || got[2].Wrong == "" || len(got[2].Text) > 200 {
		t.Errorf("%+v", got)
	}
}

func rows(t *testing.T, text string) (columns []string, all [][]string) {
	t.Helper()
	made, err := NewTable(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if _, err := made.Each(context.Background(), func(row []string) bool {
		all = append(all, row)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return made.Columns, all
}

func TestTablesAreReadWithAnySeparator(t *testing.T) {
	for _, text := range []string{
		"\ufeffid,name\n1,\"a;b\"\n2,c\n", "id;name\r\n1;a;b\r\n2;c", "id\tname\n1\ta;b\n2\tc\n",
	} {
		columns, all := rows(t, text)
		if !slices.Equal(columns, []string{"id", "name"}) || len(all) != 2 || all[1][1] != "c" || all[0][0] != "1" {
			t.Errorf("%q: %q %q", text, columns, all)
		}
	}
}

func TestBadTablesSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{"": "is empty", "a,a\n": "two columns", "\xff\xfea\n": "UTF-8"} {
		if _, err := NewTable(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestTablesAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-z ";\n,]{1,8}`)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 0, 5).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		_ = w.Write([]string{"one", "two"})
		_ = w.WriteAll(want)
		made, err := NewTable(strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		_, err = made.Each(context.Background(), func(row []string) bool {
			got = append(got, row)
			return true
		})
		if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q became %q, %v", want, got, err)
		}
	})
}

func FuzzLists(f *testing.F) {
	f.Add("http://a/\n# b\n")
	f.Add("a;b\n1;\"2\n3\";4\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range lines(t, text) {
			if l.Text == "" || strings.ContainsAny(l.Text, "\n") || strings.HasPrefix(l.Text, "#") {
				t.Fatalf("%q is an address", l.Text)
			}
		}
		if made, err := NewTable(strings.NewReader(text)); err == nil {
			_, _ = made.Each(context.Background(), func([]string) bool { return true })
		}
	})
}
