// Package gui is the window: it presents and steers, and does no work itself.
//
//	Window ─ tabs ─ page ┬ form      settings, made from catalog.Fields
//	   │                 │  ├ presets  settings with a name
//	   │                 │  ├ found    how much there is to do
//	   │                 │  └ picking  asks what a setting may be made of
//	   │                 ├ runBar    Start, Pause, Cancel, progress in words
//	   │                 ├ results   table over rows, with thumbs
//	   │                 │  └ details  what there is to read of a row, in a reader
//	   │                 ├ preview   one item before and after, beforeAfter
//	   │                 ├ queue     what has not ended, where that can be steered
//	   │                 ├ source    the first rows of a catalog.Peeker, in values
//	   │                 ├ rejects   what a catalog.Rejecter could not use
//	   │                 ├ database  gridRows of a catalog.Browsable, or a SELECT's values
//	   │                 ├ live      charts of a run that is a catalog.Charter
//	   │                 └ timing    charts over Progress, Timeline and Report
//	   │
//	   └ pulse ── 10 Hz while anything is under way ── show every busy page
//
// Nothing here knows a particular scenario: a page is made from what its
// catalog.Scenario says. A run's results go from core.Log straight into rows,
// from whatever goroutine delivers them; the window looks at rows and at
// Progress ten times a second. No result ever causes a call of Fyne by itself,
// so the window's cost does not depend on how fast results come.
//
// Everything that takes time (starting a run, waiting for its end, looking for
// items, making a preview, looking into a source or a database, reading or
// writing a file, asking the desktop for a folder) is given to pulse.Go, which
// hands the outcome back on the GUI goroutine. Every other function of this
// package runs there, except those of rows, search and thumbs. What follows
// from a change in the form is done later, once nothing else was changed for a
// moment:
//
//	input ─ form.changed ─ page.changed ─ later ─ page.reconsider ┬ presets.compare
//	                                                              ├ found.seek
//	                                                              └ followers' change:
//	                                                                preview, source, database
//	                               └ later ─ page.adjust ─ a run that goes on
package gui
