package gui

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"manyhands/core"
	"manyhands/core/catalog"
)

func TestStartFillsTheTableAndTellsTheResult(t *testing.T) {
	d := ran(t)
	if got := len(d.items()); got != 12 {
		t.Errorf("%d rows, want 12", got)
	}
	if !regexp.MustCompile(`^12 done in .+ · 4 failed$`).MatchString(d.page.bar.status.Text) {
		t.Errorf("status is %q", d.page.bar.status.Text)
	}
	d.want("title", d.shown, "Parcels: 12 done, 4 failed – Manyhands")
	d.want("check box", d.page.results.onlyFailed.Text, "Only failed (4)")
	if !d.page.bar.start.Visible() || d.page.bar.cancel.Visible() || d.page.bar.done.Visible() {
		t.Error("after the end there is to be Start and nothing else")
	}
	if d.page.results.empty.Visible() || !d.page.results.full.Visible() {
		t.Error("the invitation still stands where the table belongs")
	}
}

func TestAnEmptyWindowInvites(t *testing.T) {
	d := sit(t)
	if !d.page.results.empty.Visible() || d.page.results.full.Visible() {
		t.Error("no invitation in an empty window")
	}
	d.want("title", d.shown, "Manyhands")
	if d.Canvas().Focused() != d.page.form.inputs[0].focus {
		t.Error("the keyboard is not in the first field")
	}
}

func TestAMistakeIsSaidBesideStart(t *testing.T) {
	d := sit(t)
	d.Canvas().Unfocus()
	test.Tap(d.page.bar.start)
	d.want("said", d.page.bar.say.Text, "Folder: choose the folder with the parcels")
	if d.Canvas().Focused() != d.page.form.inputs[0].focus {
		t.Error("the keyboard did not move to the field in question")
	}
	if !d.page.idle() || d.world.started.Load() != 0 {
		t.Error("it started nevertheless")
	}
}

func TestANumberThatIsNoneNamesItsField(t *testing.T) {
	d := sit(t)
	d.fill("folder", "/parcels")
	d.fill("items", "many")
	test.Tap(d.page.bar.start)
	if !strings.HasPrefix(d.page.bar.say.Text, "Items: ") {
		t.Errorf("said %q", d.page.bar.say.Text)
	}
}

func TestAMistakeInAHiddenFieldShowsIt(t *testing.T) {
	d := sit(t)
	d.page.form.focus(slices.IndexFunc(d.page.form.fields, func(f catalog.Field) bool { return f.Name == "loud" }))
	if !d.page.form.inputs[2].object.Visible() {
		t.Error("the field stays hidden")
	}
}

func TestAStartThatFailsSaysWhy(t *testing.T) {
	d := sit(t)
	d.world.refuse = errors.New("the parcels are locked away")
	d.fill("folder", "/parcels")
	test.Tap(d.page.bar.start)
	d.finish()
	d.want("said", d.page.bar.say.Text, "The parcels are locked away")
	d.want("status", d.page.bar.status.Text, "Not started")
}

func TestARunThatCannotGoOnSaysWhy(t *testing.T) {
	d := sit(t)
	d.world.broken = errors.New("the list ends in the middle")
	d.fill("folder", "/parcels")
	test.Tap(d.page.bar.start)
	d.finish()
	if !strings.Contains(d.page.bar.say.Text, "the list ends in the middle") {
		t.Errorf("said %q", d.page.bar.say.Text)
	}
	if len(d.items()) != 12 {
		t.Error("what was done before is lost")
	}
}

// held is a desk where a run of 12 items has begun and waits for tokens.
func held(t *testing.T) *desk {
	t.Helper()
	d := sit(t)
	d.world.gate = make(chan struct{}, 100)
	d.fill("folder", "/parcels")
	test.Tap(d.page.bar.start)
	d.until("the run", func() bool { return d.page.bar.pause.Visible() })
	return d
}

func (d *desk) allow(n int) {
	for range n {
		d.world.gate <- struct{}{}
	}
}

func TestARunShowsHowItStands(t *testing.T) {
	d := held(t)
	d.allow(3)
	d.until("three items", func() bool { return strings.HasPrefix(d.page.bar.status.Text, "3 of 12") })
	d.want("title", d.shown, "Parcels 25 % – Manyhands")
	if !d.page.bar.done.Visible() || d.page.bar.bar.Value != 0.25 {
		t.Errorf("the bar stands at %v", d.page.bar.bar.Value)
	}
	if d.page.bar.start.Visible() {
		t.Error("Start shows while a run goes on")
	}
	if !strings.HasPrefix(d.page.tab.Icon.Name(), "foreground_dotted-") {
		t.Errorf("no dot on the tab: %s", d.page.tab.Icon.Name())
	}
	d.allow(9)
	d.finish()
	if strings.Contains(d.page.tab.Icon.Name(), "dotted") {
		t.Error("the dot stays")
	}
}

func TestNoBarWithoutATotal(t *testing.T) {
	d := sit(t)
	d.page.bar.look("", core.Progress{Read: 9, OK: 2}, "")
	if d.page.bar.done.Visible() {
		t.Error("a bar of an unknown whole")
	}
	d.want("status", d.page.bar.status.Text, "2 done")
}

func TestCancelKeepsWhatWasDone(t *testing.T) {
	d := held(t)
	d.allow(4)
	d.until("four items", func() bool { return len(d.items()) == 4 })
	test.Tap(d.page.bar.cancel)
	d.finish()
	d.want("said", d.page.bar.say.Text, "Cancelled: what was done stays.")
	if !strings.Contains(d.page.bar.status.Text, "8 not done") {
		t.Errorf("status is %q", d.page.bar.status.Text)
	}
	if !strings.HasPrefix(d.shown, "Parcels: cancelled") {
		t.Errorf("title is %q", d.shown)
	}
}

func TestPauseTakesNoMoreAndResumeGoesOn(t *testing.T) {
	d := held(t)
	test.Tap(d.page.bar.pause)
	d.until("paused", func() bool { return strings.HasSuffix(d.page.bar.status.Text, "paused") })
	d.want("button", d.page.bar.pause.Text, "Resume")
	test.Tap(d.page.bar.pause)
	d.want("button", d.page.bar.pause.Text, "Pause")
	d.allow(12)
	d.finish()
	if len(d.items()) != 12 {
		t.Errorf("%d rows", len(d.items()))
	}
}

func TestWorkersChangeWhileRunning(t *testing.T) {
	d := held(t)
	d.fill("workers", "5")
	d.until("five workers", func() bool { return d.world.workers.Load() == 5 })
	d.fill("workers", "") // being typed
	d.fill("workers", "x")
	if got := d.page.work.steer.Progress().Workers; got != 5 {
		t.Errorf("a half typed number made it %d", got)
	}
	d.allow(12)
	d.finish()
}

func TestRetryReplacesOnlyTheFailed(t *testing.T) {
	d := ran(t)
	d.world.healed.Store(true)
	test.Tap(d.page.results.retry)
	d.finish()
	if got := len(d.items()); got != 12 {
		t.Errorf("%d rows after the retry, want 12", got)
	}
	for _, row := range d.page.results.rows.Shown() {
		if row.Status != core.OK {
			t.Errorf("%s is %v", row.Item, row.Status)
		}
	}
	if !d.page.results.retry.Disabled() {
		t.Error("nothing is left to retry")
	}
}

func TestARetryUsesTheSettingsThatFailed(t *testing.T) {
	d := ran(t)
	d.fill("folder", "")
	test.Tap(d.page.results.retry)
	d.finish()
	if got := d.page.results.failed; got != 4 {
		t.Errorf("%d failed, want the same 4", got)
	}
}

func TestARunKeepsGoingBehindAnotherTab(t *testing.T) {
	in := &world{gate: make(chan struct{}, 100)}
	d := sitBefore(t, test.NewTempApp(t), in, about("parcels", in), about("letters", &world{}))
	d.fill("folder", "/parcels")
	d.page.start()
	d.step(1)
	if d.selected() != d.pages[1] {
		t.Fatal("the second tab is not in front")
	}
	d.allow(12)
	d.finish()
	d.step(1)
	d.want("title", d.shown, "Parcels: 12 done – Manyhands")
}

func TestSettingsAreRemembered(t *testing.T) {
	a, in := test.NewTempApp(t), &world{}
	d := sitBefore(t, a, in, about("parcels", in))
	d.fill("folder", "/parcels/of/june")
	d.fill("items", "5")
	d.fill("speed", "slow")
	d.fill("colours", "red,green")
	d.fill("loud", "true")
	d.page.start()
	d.finish()

	again := sitBefore(t, a, in, about("parcels", in))
	for name, want := range map[string]string{
		"folder": "/parcels/of/june", "items": "5", "speed": "slow", "colours": "red,green", "loud": "true",
	} {
		again.want(name, again.field(name), want)
	}
	if got := again.memory.Recent("parcels"); !slices.Equal(got, []string{"/parcels/of/june"}) {
		t.Errorf("recent folders are %q", got)
	}
}

func TestDropFillsTheForm(t *testing.T) {
	d := sit(t)
	d.fill("items", "7")
	d.page.drop([]string{"/dropped"})
	d.want("folder", d.field("folder"), "/dropped")
	d.want("items", d.field("items"), "7")
	d.page.drop([]string{"/a", "/b"})
	d.want("said", d.page.bar.say.Text, "Drop one folder, not several")
}

func TestSampleDataFillsTheForm(t *testing.T) {
	d := sit(t)
	d.page.useSample()
	d.finish()
	if !strings.HasSuffix(d.field("folder"), "parcels") {
		t.Errorf("folder is %q", d.field("folder"))
	}
	d.want("said", d.page.bar.say.Text, "The sample data is ready: press Start.")
	test.Tap(d.page.bar.start)
	d.finish()
	if len(d.items()) != 12 {
		t.Error("the sample does not run")
	}
}

func TestSampleDataCanBeCancelled(t *testing.T) {
	d := sit(t)
	d.page.useSample()
	d.page.cancel()
	d.finish()
	d.want("folder", d.field("folder"), "")
	d.want("said", d.page.bar.say.Text, "No sample data was made.")
}

func TestTheSummaryTellsWhatWasSaved(t *testing.T) {
	d, in := exhibit(t)
	d.fill("folder", "/photos")
	d.fill("to", "/small")
	d.fill("fail", "4")
	d.page.start()
	d.finish()
	if !strings.HasSuffix(d.page.bar.status.Text, "10 failed · 60 MB → 15 MB, 75 % smaller") {
		t.Errorf("status is %q", d.page.bar.status.Text)
	}
	d.want("tally", d.page.results.tally.Text, "60 MB → 15 MB, 75 % smaller")
	d.page.results.filter.SetText("0001")
	d.want("tally", d.page.results.tally.Text, "1 of 40 shown · 60 MB → 15 MB, 75 % smaller")
	in.healed = true
	d.page.retryFailed()
	d.finish()
	if !strings.HasSuffix(d.page.bar.status.Text, "80 MB → 20 MB, 75 % smaller") {
		t.Errorf("after the retry the status is %q", d.page.bar.status.Text)
	}
	d.page.results.clear()
	d.want("tally without rows", d.page.results.tally.Text, "")
}

func TestARunTellsWhatItSavedSoFar(t *testing.T) {
	d := held(t)
	d.page.results.rows.weigh = func(any) (int64, int64) { return 1000, 500 }
	d.allow(3)
	d.until("three items", func() bool { return strings.HasSuffix(d.page.bar.status.Text, " · 3.0 kB → 1.5 kB, 50 % smaller") })
	d.page.work.prefix = "1 worker: "
	d.want("in a comparison", d.page.savedByRun(), "")
}
