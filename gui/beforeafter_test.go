package gui

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

var (
	red  = color.RGBA{R: 0xff, A: 0xff}
	blue = color.RGBA{B: 0xff, A: 0xff}
)

func plain(width, height int, c color.RGBA) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < len(picture.Pix); i += 4 {
		picture.Pix[i], picture.Pix[i+1], picture.Pix[i+2], picture.Pix[i+3] = c.R, c.G, c.B, c.A
	}
	return picture
}

// redAndBlue is a window of 400x300 with a red picture of 200x100 in its
// middle, and a blue one on it.
func redAndBlue(t *testing.T) (*beforeAfter, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	b := newBeforeAfter()
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	b.show(fitted{before: plain(200, 100, red), after: plain(200, 100, blue), size: image.Pt(200, 100)})
	return b, w
}

// split is how many pixels of the middle line are red, and how many blue.
func split(w fyne.Window) (reds, blues int) {
	shown := w.Canvas().Capture()
	for x := range shown.Bounds().Dx() {
		switch color.RGBAModel.Convert(shown.At(x, 120)) {
		case red:
			reds++
		case blue:
			blues++
		}
	}
	return reds, blues
}

func around(got, want int) bool { return got >= want-lineWidth && got <= want }

func TestTheLineDividesBeforeFromAfter(t *testing.T) {
	b, w := redAndBlue(t)
	for at, want := range map[float32][2]int{0.5: {100, 100}, 0: {0, 200}, 1: {200, 0}, 0.25: {50, 150}} {
		b.moveTo(at)
		if reds, blues := split(w); !around(reds, want[0]) || !around(blues, want[1]) {
			t.Errorf("with the line at %v %d pixels are from before, %d from after, want %v", at, reds, blues, want)
		}
	}
}

func TestTheLineIsDragged(t *testing.T) {
	b, _ := redAndBlue(t)
	drag := func(x float32) {
		b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 150)}})
	}
	for x, want := range map[float32]float32{150: 0.25, 250: 0.75, 20: 0, 390: 1} {
		if drag(x); b.at != want {
			t.Errorf("dragged to %v the line is at %v, want %v", x, b.at, want)
		}
	}
	b.DragEnd()
	b.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 150)}})
	b.MouseUp(nil)
	if b.at != 0.5 || !b.focused {
		t.Errorf("a press moves the line to %v; has the keyboard: %v", b.at, b.focused)
	}
	if b.Cursor() != desktop.HResizeCursor {
		t.Error("the mouse does not show that it can be dragged")
	}
}

func TestTheLineFollowsTheKeys(t *testing.T) {
	b, w := redAndBlue(t)
	w.Canvas().Focus(b)
	for _, step := range []struct {
		key fyne.KeyName
		at  float32
	}{
		{fyne.KeyRight, 0.525},
		{fyne.KeyLeft, 0.5},
		{fyne.KeyHome, 0},
		{fyne.KeyLeft, 0},
		{fyne.KeyEnd, 1},
		{fyne.KeyRight, 1},
		{fyne.KeyUp, 1},
	} {
		if b.TypedKey(&fyne.KeyEvent{Name: step.key}); b.at-step.at > 1e-6 || step.at-b.at > 1e-6 {
			t.Errorf("after %s the line is at %v, want %v", step.key, b.at, step.at)
		}
	}
	with := b.line.FillColor
	w.Canvas().Unfocus()
	if b.line.FillColor == with {
		t.Error("the line does not show that it has the keyboard")
	}
}

func TestDraggingPaintsNoPictureAnew(t *testing.T) {
	b, _ := redAndBlue(t)
	before := [2]*canvas.Image{b.pictures[0], b.pictures[1]}
	images := [2]image.Image{before[0].Image, before[1].Image}
	allocs := testing.AllocsPerRun(100, func() {
		b.moveTo(0.2)
		b.moveTo(0.8)
	})
	if allocs > 200 {
		t.Errorf("%v allocations", allocs)
	}
	for i := range before {
		if b.pictures[i] != before[i] || b.pictures[i].Image != images[i] {
			t.Error("there is another picture")
		}
	}
}

func TestPicturesOfOtherProportionsShareTheirMiddle(t *testing.T) {
	b, w := redAndBlue(t)
	b.show(fitted{before: plain(200, 100, red), after: plain(100, 100, blue), size: image.Pt(200, 100)})
	if reds, blues := split(w); !around(reds, 100) || !around(blues, 50) {
		t.Errorf("%d pixels are from before, %d from after", reds, blues)
	}
	b.moveTo(0)
	if reds, blues := split(w); reds != 0 || blues != 100 {
		t.Errorf("with the line left, %d pixels are from before, %d from after", reds, blues)
	}
}

func TestWithoutPicturesThereIsNoLine(t *testing.T) {
	b, w := redAndBlue(t)
	b.show(fitted{})
	if reds, blues := split(w); reds+blues != 0 || b.line.Visible() || b.grip.Visible() {
		t.Error("something is left")
	}
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	b.Dragged(&fyne.DragEvent{})
	if b.at != 0.5 {
		t.Errorf("a line that is not there is moved to %v", b.at)
	}
}

func TestOldPicturesAreDimmed(t *testing.T) {
	b, w := redAndBlue(t)
	b.dim(true)
	if reds, blues := split(w); reds+blues != 0 {
		t.Error("they look as if they were true")
	}
	b.show(fitted{before: plain(200, 100, red), after: plain(200, 100, blue), size: image.Pt(200, 100)})
	if reds, _ := split(w); reds == 0 {
		t.Error("the new ones are dimmed")
	}
}
