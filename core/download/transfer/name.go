package transfer

import (
	"net/http"

	"manyhands/core/download/filename"
	"manyhands/core/safefile"
)

// name is what a file will be called.
type name struct {
	text     string
	existing safefile.Existing // what to do if that is taken by then
}

// alreadyThere looks, before anything is sent, whether the name that is wanted
// is taken.
func (t *try) alreadyThere() error {
	if t.Existing != safefile.Skip || t.Name == "" {
		return nil
	}
	return t.skip(t.claim(filename.Of(t.Name, "", nil)))
}

// skip is the error of a name that is taken.
func (t *try) skip(name string) error {
	size, taken := t.Folder.Size(name)
	if !taken {
		return nil
	}
	t.file.Name, t.file.Size = name, size
	return safefile.ErrExists
}

// claim asks for a name. One that could be taken for another file's part is
// not used.
func (t *try) claim(name string) string {
	if safefile.IsPartName(name) {
		name += "_"
	}
	if t.Claim != nil {
		name = t.Claim(name)
	}
	return name
}

// choose names the file after its answer. If the name comes from there, under
// Skip, only a file of the same size is the same.
func (t *try) choose(resp *http.Response, total int64) error {
	text := t.journal.Name
	if text == "" || t.Name != "" || t.file.Resumed == 0 {
		text = filename.Typed(t.Name, resp.Header.Get("Content-Disposition"), resp.Header.Get("Content-Type"), resp.Request.URL)
	}
	t.name = name{t.claim(text), t.Existing}
	t.journal.Name = t.name.text
	if t.Existing != safefile.Skip {
		return nil
	}
	if t.Name != "" || total < 0 {
		return t.skip(t.name.text)
	}
	t.name.existing = safefile.Rename
	for n := 1; ; n++ {
		numbered := safefile.Numbered(t.name.text, n)
		size, taken := t.Folder.Size(numbered)
		if !taken {
			return nil
		}
		if size == total {
			return t.skip(numbered)
		}
	}
}
