package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// showsPreview opens a window whose preview pane shows the first of 40 pictures.
func showsPreview(t *testing.T) (*desk, *gallery, *preview) {
	t.Helper()
	d, in := exhibit(t)
	d.fill("folder", "/photos")
	d.choose("Preview")
	d.after("After: JPEG, 800x600, 85 kB, 98 % smaller")
	return d, in, d.page.preview
}

func (d *desk) after(text string) {
	d.Helper()
	d.until(text, func() bool { return d.page.preview.after.Text == text })
}

func (d *desk) says(text string) {
	d.Helper()
	d.until(text, func() bool { return d.page.preview.say.Text == text })
}

func TestThePreviewShowsOneItemBeforeAndAfter(t *testing.T) {
	d, in, v := showsPreview(t)
	d.want("before", v.before.Text, "Before: JPEG, 2000x1500, 3.4 MB")
	d.want("said", v.say.Text, "")
	if !slices.Equal(in.previews, []string{"IMG_0001.jpg 85"}) {
		t.Errorf("looked at %q", in.previews)
	}
	if room := v.picture.room(); v.asked.room != room || v.picture.pictures[0].Image.Bounds().Dy() > room.Y {
		t.Errorf("a picture of %v in a room of %v", v.picture.pictures[0].Image.Bounds(), room)
	}
	if d.Canvas().Focused() != v.list {
		t.Error("the keyboard is not in the list")
	}
}

func TestAnEmptyPreviewInvites(t *testing.T) {
	d, _ := exhibit(t)
	d.choose("Preview")
	d.want("said", d.page.preview.say.Text, "Choose what to work on above: here each file can be looked at, before and after.")
	d.page.lookAt("IMG_0001.jpg") // before the form was ever looked at
	d.fill("folder", "/photos")
	d.after("After: JPEG, 800x600, 85 kB, 98 % smaller")
}

func TestNoPreviewIsMadeWhileItIsNotSeen(t *testing.T) {
	d, in, _ := showsPreview(t)
	d.choose("Results")
	d.fill("quality", "50")
	d.until("the change", func() bool { return d.page.preview.asked.settings.(*album).Quality == 50 })
	if len(in.previews) != 1 {
		t.Errorf("looked at %q", in.previews)
	}
	d.choose("Preview")
	d.after("After: JPEG, 800x600, 50 kB, 99 % smaller")
}

func TestThePreviewFollowsTheSettings(t *testing.T) {
	d, in, _ := showsPreview(t)
	for _, quality := range []string{"7", "70", "7", "75"} {
		d.fill("quality", quality)
	}
	d.after("After: JPEG, 800x600, 75 kB, 98 % smaller")
	if len(in.previews) != 2 {
		t.Errorf("looked at %q: every letter counts", in.previews)
	}
}

func TestAPreviewThatIsOutOfDateIsGivenUp(t *testing.T) {
	d, in, v := showsPreview(t)
	in.note(func() { in.gate = make(chan struct{}) })
	v.choose("IMG_0002.jpg")
	d.says("Working on IMG_0002.jpg…")
	if !v.picture.veil.Visible() {
		t.Error("the old picture looks as if it were true")
	}
	v.choose("IMG_0003.jpg")
	v.choose("IMG_0004.jpg")
	d.says("Working on IMG_0004.jpg…")
	close(in.gate)
	d.says("")
	if in.dropped != 1 || in.most != 1 || slices.Contains(in.previews, "IMG_0003.jpg 85") {
		t.Errorf("%d given up, %d at once, looked at %q", in.dropped, in.most, in.previews)
	}
	if v.picture.veil.Visible() {
		t.Error("the veil stays")
	}
}

func TestAMistakeIsSaidInThePreviewsPlace(t *testing.T) {
	d, _, v := showsPreview(t)
	d.fill("quality", "101")
	d.says("Quality: choose 1 to 100")
	if !v.picture.empty() || v.after.Text != "" {
		t.Error("a picture shows nevertheless")
	}
	d.fill("quality", "many")
	d.until("no number", func() bool { return strings.HasPrefix(v.say.Text, "Quality: ") && strings.Contains(v.say.Text, "many") })
	d.fill("quality", "80")
	d.after("After: JPEG, 800x600, 80 kB, 98 % smaller")
}

func TestAPreviewNeedsNoPlaceToSaveTo(t *testing.T) {
	d, _, _ := showsPreview(t)
	d.want("save to", d.field("to"), "")
}

func TestANoteIsShown(t *testing.T) {
	d, _, v := showsPreview(t)
	if v.note.Visible() {
		t.Error("an empty note takes room")
	}
	v.choose("IMG_0003.jpg")
	d.until("the note", func() bool { return v.note.Text != "" })
	d.want("note", v.note.Text, "It is not enlarged: it has 2000x1500 pixels only.")
	if !v.note.Visible() {
		t.Error("the note is hidden")
	}
}

func TestARowInTheResultsChoosesTheItem(t *testing.T) {
	d, _, v := showsPreview(t)
	d.fill("to", "/small")
	d.page.start()
	d.finish()
	d.page.results.table.sortBy(0)
	d.page.results.table.press(6)
	d.want("item", v.asked.item, "IMG_0007.jpg")
	d.want("in the list", v.list.names[v.list.at], "IMG_0007.jpg")
	d.page.results.clear()
	d.want("after the rows are gone", v.asked.item, "IMG_0007.jpg")
}

func TestAnotherFolderBeginsAtItsFirstItem(t *testing.T) {
	d, in, v := showsPreview(t)
	v.choose("IMG_0009.jpg")
	d.fill("folder", "/other")
	d.until("the first", func() bool { return v.asked.item == "IMG_0001.jpg" })
	in.note(func() { in.number = 0 })
	d.fill("folder", "/empty")
	d.says("There is nothing to look at.")
	d.fill("folder", "")
	d.says("Choose what to work on above: here each file can be looked at, before and after.")
}

func TestAnItemThatIsGoneIsLeft(t *testing.T) {
	d, in, v := showsPreview(t)
	v.choose("IMG_0040.jpg")
	in.note(func() { in.number = 30 })
	d.fill("recursive", "true")
	d.until("the first", func() bool { return v.asked.item == "IMG_0001.jpg" })
}

func TestTheListIsFilteredAndFollowsTheKeys(t *testing.T) {
	d, _, v := showsPreview(t)
	v.choose("IMG_0030.jpg") // as a row in the results does
	for _, step := range []struct {
		key  fyne.KeyName
		item string
	}{
		{fyne.KeyDown, "IMG_0031.jpg"},
		{fyne.KeyEnd, "IMG_0040.jpg"},
		{fyne.KeyPageDown, "IMG_0040.jpg"},
		{fyne.KeyUp, "IMG_0039.jpg"},
		{fyne.KeyHome, "IMG_0001.jpg"},
		{fyne.KeyPageUp, "IMG_0001.jpg"},
		{fyne.KeyDown, "IMG_0002.jpg"},
		{fyne.KeyLeft, "IMG_0002.jpg"},
	} {
		v.list.TypedKey(&fyne.KeyEvent{Name: step.key})
		d.want("item after "+string(step.key), v.asked.item, step.item)
	}
	v.filter.SetText("img_002")
	if got := len(v.list.names); got != 10 {
		t.Errorf("%d names for the text typed", got)
	}
	d.want("item", v.asked.item, "IMG_0002.jpg")
	v.list.Select(4)
	d.want("item", v.asked.item, "IMG_0024.jpg")
	v.filter.SetText("")
	d.want("in the list", v.list.names[v.list.at], "IMG_0024.jpg")
}

func TestTheListSaysWhatItLeavesOut(t *testing.T) {
	var s search
	s.stop = func() {}
	for i := range mostNames + 5 {
		s.add(fmt.Sprint(i), 1)
	}
	s.end(nil)
	h := s.look()
	if len(h.names) != mostNames || h.items != mostNames+5 || h.bytes != mostNames+5 {
		t.Errorf("%d names of %d items, %d bytes", len(h.names), h.items, h.bytes)
	}
	d, _, v := showsPreview(t)
	d.page.found.search = &s
	v.takeFound()
	d.want("said", v.listed.Text, "The first 100,000 of 100,005 are listed.")
	if !v.listed.Visible() || len(v.list.names) != mostNames {
		t.Error("it is not shown")
	}
	v.choose("not among the first")
	v.keepChosen()
	d.want("item", v.asked.item, "not among the first")
}

func TestAResizedWindowFitsThePreviewAnew(t *testing.T) {
	d, in, v := showsPreview(t)
	before := v.asked.room
	d.Resize(fyne.NewSize(1000, 650))
	d.until("another size", func() bool { return v.asked.room.X < before.X && v.asked.room.Y < before.Y && v.asked.stop == nil })
	if len(in.previews) != 2 {
		t.Errorf("looked at %q", in.previews)
	}
	if got := v.picture.pictures[0].Image.Bounds().Dy(); got > v.picture.room().Y {
		t.Errorf("a picture %d high in a room of %v", got, v.picture.room())
	}
}

func TestListItemsAreShortenedInTheirMiddle(t *testing.T) {
	l := newItems(func(string) {})
	l.names = []string{"a/very/long/way/to/the/folder/with/the/pictures/IMG_0001.jpg"}
	l.Resize(fyne.NewSize(200, 200))
	o := newItem()
	l.show(0, o)
	l.show(1, o) // gone meanwhile
	text := o.(*fyne.Container).Objects[0].(*canvas.Text).Text
	if !strings.HasSuffix(text, "0001.jpg") || !strings.Contains(text, "…") {
		t.Errorf("shown: %q", text)
	}
}

func TestTheSplitPanesKeepTheirShortcuts(t *testing.T) {
	d, _, _ := showsPreview(t)
	for label, pane := range map[string]int{"Results": 0, "Preview": 1, "Timing": 2} {
		d.choose(label)
		if d.page.panes.SelectedIndex() != pane {
			t.Errorf("%s shows pane %d", label, d.page.panes.SelectedIndex())
		}
	}
	d.page.compare()
	if d.page.panes.Selected() != d.page.timing.tab && d.page.bar.say.Importance != widget.DangerImportance {
		t.Error("a comparison shows elsewhere")
	}
}
