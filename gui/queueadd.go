package gui

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// mostAdded is how large a list may be that is dropped onto a queue.
const mostAdded = 64 << 20

// lineEntry is a text in a question: Escape puts the question away.
type lineEntry struct {
	widget.Entry
	escape func()
}

// TypedKey is for Fyne.
func (e *lineEntry) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyEscape {
		e.escape()
		return
	}
	e.Entry.TypedKey(event)
}

// ask asks for a text and hands it to take, on a goroutine of its own. The
// question stays and says why until that takes it; what that tells is said in
// the run bar.
func (q *queue) ask(title, do string, in input, take func(string) (told string, err error)) (accept *answer) {
	say := &widget.Label{Wrapping: fyne.TextWrapWord, Importance: widget.DangerImportance}
	accept = &answer{text: do, importance: widget.HighImportance}
	room := container.NewBorder(nil, say, nil, nil, container.New(widthLayout{520}, in.object))
	away := false
	leave := func() { away = true }
	q.page.ask(title, room, leave, accept, &answer{text: "Cancel", do: leave})
	q.page.Canvas().Focus(in.focus)
	accept.OnTapped = func() {
		if accept.Disabled() {
			return
		}
		accept.Disable()
		given := in.get()
		q.page.pulse.Go(func() func() {
			told, err := take(given)
			return func() {
				accept.Enable()
				switch {
				case err == nil:
					accept.escape()
					q.page.bar.tell(told)
					q.look()
				case away:
					q.page.bar.complain(sentence(err))
				default:
					say.SetText(sentence(err))
					q.page.Canvas().Focus(in.focus)
				}
			}
		})
	}
	return accept
}

// askAddress asks for another address of the chosen item.
func (q *queue) askAddress() {
	run, id := q.rows.run, q.rows.chosen.ID
	entry := &lineEntry{}
	entry.ExtendBaseWidget(entry)
	entry.SetText(q.rows.chosen.Item)
	accept := q.ask("Change the address", "Change", ofEntry(&entry.Entry, entry), func(text string) (string, error) {
		return "The address was changed.", run.Readdress(id, strings.TrimSpace(text))
	})
	entry.escape, entry.OnSubmitted = accept.escape, func(string) { accept.OnTapped() }
}

// askMore asks for more items, at first those on the clipboard.
func (q *queue) askMore() {
	run := q.rows.run
	l := newLinesInput(8, q.page.Canvas().Focus)
	l.PlaceHolder = "One address a line"
	l.put(addressesIn(q.page.app.Clipboard().Content()))
	accept := q.ask("Add to the queue", "Add", input{object: l.row, focus: l, get: l.get}, func(text string) (string, error) {
		return q.added(run, text)
	})
	l.escape = accept.escape
}

// added adds items to a run and tells how many. If only some could be added it
// tells why, too. The form gets them as well, so that they are there when the
// program is started again.
func (q *queue) added(run catalog.Queuer, text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("type or paste at least one address")
	}
	n, err := run.Add(text)
	if n > 0 {
		q.page.pulse.Post(func() { q.page.keepAdded(text) })
	}
	switch {
	case err != nil && n > 0:
		return fmt.Sprintf("%s added, but: %s", count(n), err), nil
	case err == nil && n == 0:
		return "Nothing was added.", nil
	}
	return count(n) + " added", err
}

// add adds what was dropped or pasted, and says so in the run bar.
func (q *queue) add(read func() (string, error)) {
	run := q.rows.run
	q.page.pulse.Go(func() func() {
		text, err := read()
		told := ""
		if err == nil {
			told, err = q.added(run, text)
		}
		return func() {
			if err != nil {
				q.page.bar.complain(sentence(err))
				return
			}
			q.page.bar.tell(told)
			q.look()
		}
	})
}

// take adds what was dropped onto the window: lists, or addresses.
func (q *queue) take(dropped []string) {
	q.add(func() (string, error) {
		var text strings.Builder
		for _, one := range dropped {
			lines := one
			if addressesIn(one) == "" {
				var err error
				if lines, err = readList(one); err != nil {
					return "", err
				}
			}
			text.WriteString(strings.TrimRight(lines, "\n") + "\n")
		}
		return text.String(), nil
	})
}

// addressOr undoes what Fyne does to an address that is dropped onto a window:
// it takes that for a file of the current folder. Any other path stays.
func addressOr(path string) string {
	for _, scheme := range []string{"http", "https", "ftp", "sftp"} {
		if _, rest, ok := strings.Cut(path, "/"+scheme+":/"); ok {
			return scheme + "://" + strings.TrimPrefix(rest, "/")
		}
	}
	return path
}

func readList(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file: drop a list of addresses, or addresses", path)
	}
	content, err := io.ReadAll(io.LimitReader(f, mostAdded+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read %s: %w", path, err)
	case len(content) > mostAdded:
		return "", fmt.Errorf("%s is larger than %s: is it a list of addresses?", path, sizeOf(mostAdded))
	}
	return string(content), nil
}

// addressesIn is a text of nothing but addresses, one a line; of any other text
// it is empty.
func addressesIn(text string) string {
	const most = 4 << 20
	text = strings.TrimSpace(text)
	if len(text) > most {
		return ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if u, err := url.Parse(line); line != "" && (err != nil || u.Scheme == "" || u.Host == "") {
			return ""
		}
	}
	return text
}

// canPaste tells whether there is a place for addresses: the queue of a run, or
// a field of the form.
func (p *page) canPaste() bool {
	return p.queue.going() || p.idle() && p.form.find(catalog.Lines) >= 0
}

// pasteAddresses adds what is on the clipboard to a run, or to the form if
// none goes on.
func (p *page) pasteAddresses() {
	text := strings.TrimSpace(p.app.Clipboard().Content())
	switch place := p.form.find(catalog.Lines); {
	case text == "":
		p.bar.complain("There is no text on the clipboard.")
	case p.queue.going():
		p.queue.add(func() (string, error) { return text, nil })
	case place >= 0:
		p.addLines(place, text)
		p.form.focus(place)
	}
}

// addLines adds lines to a field of the form.
func (p *page) addLines(place int, text string) {
	in := p.form.inputs[place]
	in.set(strings.TrimLeft(strings.TrimRight(in.get(), "\n")+"\n"+strings.TrimSpace(text), "\n"))
}

// keepAdded remembers what was added to the run that goes on.
func (p *page) keepAdded(text string) {
	place := p.form.find(catalog.Lines)
	if place < 0 {
		return
	}
	p.addLines(place, text)
	if _, err := p.form.take(); err == nil {
		p.memory.Keep(p.scenario.Name, p.form.fields)
	}
}
