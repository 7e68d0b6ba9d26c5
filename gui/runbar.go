package gui

import (
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
	object *fyne.Container
}

func newRunBar(p *page) *runBar {
	b := &runBar{
		start:  &widget.Button{Text: "Start", Icon: theme.MediaPlayIcon(), Importance: widget.HighImportance, OnTapped: p.start},
		pause:  &widget.Button{Text: "Pause", Icon: theme.MediaPauseIcon(), OnTapped: p.pauseOrResume},
		cancel: &widget.Button{Text: "Cancel", Icon: theme.CancelIcon(), OnTapped: p.cancel},
		bar:    &widget.ProgressBar{TextFormatter: func() string { return "" }},
		share:  &widget.Label{TextStyle: fyne.TextStyle{Bold: true}},
		say:    &widget.Label{Wrapping: fyne.TextWrapWord, Selectable: true},
		status: &widget.Label{Text: "Ready"},
	}
	b.done = container.NewBorder(nil, nil, nil, b.share, b.bar)
	buttons := container.NewHBox(b.start, b.pause, b.cancel)
	b.object = container.NewVBox(
		container.NewBorder(nil, nil, buttons, nil, container.NewStack(b.done, b.say)),
		b.status,
	)
	b.idle()
	return b
}

// idle offers to start.
func (b *runBar) idle() {
	b.start.Show()
	b.pause.Hide()
	b.cancel.Hide()
	b.done.Hide()
	b.bar.Value = 0
}

// busy offers to steer what is under way, once it can be.
func (b *runBar) busy(what string) {
	b.start.Hide()
	b.pause.Hide()
	b.cancel.Show()
	b.cancel.Enable()
	b.tell("")
	b.status.SetText(what)
}

// look shows how a run stands, with what it saved so far. While Total is not
// known there is no bar: a share of nothing would be a guess.
func (b *runBar) look(prefix string, p core.Progress, saved string) {
	b.pause.Show()
	setText(b.pause, pauseText(p), pauseIcon(p))
	if p.State == core.Cancelling {
		b.cancel.Disable()
	}
	say(b.status, prefix+withSaved(statusOf(p), saved))
	b.say.Hide()
	if p.Total == 0 {
		b.done.Hide()
		return
	}
	b.done.Show()
	if share := float64(p.Done()) / float64(p.Total); share != b.bar.Value {
		b.bar.SetValue(share)
		say(b.share, percent(p))
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
func (b *runBar) tell(text string) { b.write(text, widget.MediumImportance) }

// complain says what is wrong, so that it is seen.
func (b *runBar) complain(text string) { b.write(text, widget.DangerImportance) }

func (b *runBar) write(text string, importance widget.Importance) {
	b.say.Importance = importance
	b.say.SetText(text)
	setVisible(b.say, text != "" && !b.done.Visible())
}
