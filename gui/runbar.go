package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// runBar has the one primary button, or what steers a run while there is one,
// and says beside it in words how the run stands or what is missing.
type runBar struct {
	start  *widget.Button
	pause  *widget.Button
	cancel *widget.Button
	bar    *widget.ProgressBar
	share  *widget.Label // how far the bar has come, in words
	done   *fyne.Container
	say    *widget.Label // what is missing, or what was done
	status *widget.Label // how the run stands
	told   *widget.Label // what else it says while it goes on
	notes  *widget.Label // what more there is to say of one that has ended
	object *fyne.Container

	weight weight // of the run
	brief  int    // beats that say is to be read still, in place of the bar
}

// How long, in beats, something is said while a run goes on.
const (
	toldFor       = 40
	complainedFor = 100
)

func newRunBar(p *page) *runBar {
	b := &runBar{
		start:  &widget.Button{Text: "Start", Icon: theme.MediaPlayIcon(), Importance: widget.HighImportance, OnTapped: p.start},
		pause:  &widget.Button{Text: "Pause", Icon: theme.MediaPauseIcon(), OnTapped: p.pauseOrResume},
		cancel: &widget.Button{Text: "Cancel", Icon: theme.CancelIcon(), OnTapped: p.cancel},
		bar:    &widget.ProgressBar{TextFormatter: func() string { return "" }},
		share:  &widget.Label{TextStyle: fyne.TextStyle{Bold: true}},
		say:    &widget.Label{Wrapping: fyne.TextWrapWord, Selectable: true},
		status: &widget.Label{Text: "Ready"},
		told:   &widget.Label{Truncation: fyne.TextTruncateEllipsis},
		notes:  &widget.Label{Importance: widget.LowImportance, Wrapping: fyne.TextWrapWord, Selectable: true},
	}
	b.done = container.NewBorder(nil, nil, nil, b.share, b.bar)
	buttons := container.NewHBox(b.start, b.pause, b.cancel)
	b.object = container.NewVBox(
		container.NewBorder(nil, nil, buttons, nil, container.NewStack(b.done, b.say)),
		container.NewBorder(nil, nil, b.status, nil, b.told), b.notes,
	)
	b.notes.Hide()
	b.idle()
	return b
}

// idle offers to start.
func (b *runBar) idle() {
	b.start.Show()
	b.pause.Hide()
	b.cancel.Hide()
	b.done.Hide()
	say(b.told, "")
	b.bar.Value, b.weight = 0, weight{}
}

// busy offers to steer what is under way, once it can be.
func (b *runBar) busy(what string) {
	b.start.Hide()
	b.pause.Hide()
	b.cancel.Show()
	b.cancel.Enable()
	b.tell("")
	b.note(nil)
	b.status.SetText(what)
}

// note says more of the run that has ended.
func (b *runBar) note(notes []string) {
	b.notes.SetText(strings.Join(notes, " · "))
	setVisible(b.notes, b.notes.Text != "")
}

// look shows how a run stands, with what it saved so far. While the whole is
// not known there is no bar: a share of nothing would be a guess.
func (b *runBar) look(prefix string, p core.Progress, saved string) {
	b.pause.Show()
	setText(b.pause, pauseText(p), pauseIcon(p))
	if p.State == core.Cancelling {
		b.cancel.Disable()
	}
	say(b.status, prefix+withSaved(b.weight.status(p), saved))
	b.brief--
	speaks := b.brief > 0 && b.say.Text != ""
	share, known := b.weight.share(p)
	setVisible(b.say, speaks)
	setVisible(b.done, known && !speaks)
	if known && share != b.bar.Value {
		b.bar.SetValue(share)
	}
	if known {
		say(b.share, b.weight.percent(p))
	}
}

// say changes a label if it has to change: every change redraws the window.
func say(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}

func pauseText(p core.Progress) string {
	if p.State == core.Paused {
		return "Resume"
	}
	return "Pause"
}

func pauseIcon(p core.Progress) fyne.Resource {
	if p.State == core.Paused {
		return theme.MediaPlayIcon()
	}
	return theme.MediaPauseIcon()
}

func setText(b *widget.Button, text string, icon fyne.Resource) {
	if b.Text != text {
		b.Icon = icon
		b.SetText(text)
	}
}

// tell says something beside the buttons that needs no answer.
func (b *runBar) tell(text string) {
	b.brief = toldFor
	b.write(text, widget.MediumImportance)
}

// complain says what is wrong, so that it is seen.
func (b *runBar) complain(text string) {
	b.brief = complainedFor
	b.write(text, widget.DangerImportance)
}

func (b *runBar) write(text string, importance widget.Importance) {
	b.say.Importance = importance
	b.say.SetText(text)
	setVisible(b.say, text != "" && !b.done.Visible())
}
