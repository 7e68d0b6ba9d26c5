//go:build xvfb

package realwindow

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/time/rate"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/gui"
)

const (
	items     = 100_000
	perSecond = 5_000
	ripple    = 500 * time.Millisecond // a button that was clicked is animated less long
)

// flood is a scenario whose results come fast and are many.
type flood struct {
	Workers core.Workers `default:"8" help:"How many at once"`
}

// drop is one of its results.
type drop struct {
	Size int64  `col:"Size" unit:"B" json:"size"`
	To   string `col:"Saved as" json:"to"`
}

func (f *flood) Check() error { return nil }

func (f *flood) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	return core.Start(ctx, core.Job[int, drop]{
		Source: core.From(func(yield func(int) bool) {
			for i := range items {
				if !yield(i) {
					return
				}
			}
		}),
		Name:  func(i int) string { return fmt.Sprintf("pictures/of/a/long/summer/IMG_%06d.jpg", i) },
		Open:  core.Func(fall),
		Limit: rate.NewLimiter(perSecond, 50), Total: items, Log: log, Workers: f.Workers.Count(),
	}), nil
}

func fall(_ context.Context, i int) (drop, error) {
	if i%100 == 7 {
		return drop{}, errors.New("not a picture: its first bytes are those of no format known")
	}
	return drop{Size: int64(i%977) * 1000, To: fmt.Sprintf("small/IMG_%06d.jpg", i)}, nil
}

var flooded = catalog.Scenario{
	Name: "flood", Title: "Flood", About: "Show many results.", Item: "File", Icon: "fileImage",
	New: func() catalog.Config { return catalog.Defaults(new(flood)) }, Columns: catalog.ColumnsOf[drop](),
}

// BenchmarkFlood shows 100,000 results that come at 5,000/s, and clicks a
// button all the while. It reports the times from the order to click until its
// handler had run and the next frame was drawn, those of an idle window for
// comparison, and the most memory the process ever had. A frame waits while
// the host of a virtual machine takes its processors away (stolen-%), or
// another program has them: that shows in the slowest.
func BenchmarkFlood(b *testing.B) {
	for _, view := range []struct {
		name string
		keys []string // pressed after the start
	}{
		{"table", nil},
		{"sorted", []string{"alt+Right", "alt+Right"}}, // by name
		{"timing", []string{"ctrl+4"}},
	} {
		b.Run(view.name, func(b *testing.B) {
			for range b.N {
				drown(b, view.keys)
			}
		})
	}
}

func drown(b *testing.B, keys []string) {
	forgetPeak()
	w, p := show(b)
	var idle []time.Duration
	for range 20 {
		idle = append(idle, p.click(b))
		time.Sleep(ripple)
	}
	press(b, "ctrl+Return")
	until(b, "the first results", func() bool { return strings.HasPrefix(title(w), "Flood ") })
	if len(keys) > 0 {
		time.Sleep(300 * time.Millisecond)
		press(b, keys...)
	}
	var took []time.Duration
	stolen, all := processors()
	for !strings.Contains(title(w), "done") {
		took = append(took, p.click(b))
		time.Sleep(ripple)
	}
	if want := "Flood: 100,000 done, 1,000 failed – Manyhands"; title(w) != want {
		b.Errorf("title is %q", title(w))
	}
	stolenAfter, allAfter := processors()
	b.ReportMetric(100*(stolenAfter-stolen)/(allAfter-all), "stolen-%")
	report(b, idle, took)
	fyne.DoAndWait(w.Close)
}

func report(b *testing.B, idle, took []time.Duration) {
	b.Helper()
	slices.Sort(idle)
	slices.Sort(took)
	at := func(list []time.Duration, percent int) float64 {
		return float64(list[(len(list)-1)*percent/100].Milliseconds())
	}
	b.ReportMetric(at(idle, 50), "idle-ms")
	b.ReportMetric(at(took, 50), "middle-ms")
	b.ReportMetric(at(took, 95), "p95-ms")
	b.ReportMetric(at(took, 100), "slowest-ms")
	b.ReportMetric(float64(peak()), "peak-MB")
	b.ReportMetric(float64(len(took)), "clicks")
	if at(took, 95) > 250 || peak() > 300 {
		b.Errorf("%d clicks took %.0f ms, %.0f at the 95th percentile, at most %.0f, %.0f in an idle window; memory %d MB: 250 ms and 300 MB are allowed",
			len(took), at(took, 50), at(took, 95), at(took, 100), at(idle, 50), peak())
	}
}

// probe is a button that tells when it was answered.
type probe struct {
	window   string
	answered chan struct{}
	x, y     float32
	mouse    io.Writer // takes xdotool's commands, a line each
}

// show opens the window, with the probe below all that is in it.
func show(b *testing.B) (*gui.Window, *probe) {
	b.Helper()
	p := &probe{answered: make(chan struct{}, 1)}
	var w *gui.Window
	fyne.DoAndWait(func() {
		w = gui.New(desktop, []catalog.Scenario{flooded}, "test")
		button := &widget.Button{Text: "Answer", OnTapped: p.answer}
		w.SetContent(container.NewBorder(nil, button, nil, nil, w.Content()))
		w.Resize(fyne.NewSize(1180, 740))
		w.SetCloseIntercept(nil)
		w.Show()
	})
	until(b, "the window", func() bool {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Manyhands$").Output()
		p.window = strings.TrimSpace(string(out))
		return err == nil && p.window != ""
	})
	xdotool(b, "windowactivate", "--sync", p.window)
	time.Sleep(500 * time.Millisecond)
	fyne.DoAndWait(func() { p.aim(w.Canvas()) })
	xdotool(b, "mousemove", "--window", p.window, strconv.Itoa(int(p.x)), strconv.Itoa(int(p.y)))
	p.grab(b)
	return w, p
}

// aim finds the middle of the button, which is the last line of the window.
func (p *probe) aim(c fyne.Canvas) {
	size := c.Size()
	p.x, p.y = size.Width/2*c.Scale(), (size.Height-16)*c.Scale()
}

// grab starts the program that clicks, so that a click does not have to.
func (p *probe) grab(b *testing.B) {
	b.Helper()
	hand := exec.Command("xdotool", "-")
	in, err := hand.StdinPipe()
	if err == nil {
		err = start(hand)
	}
	if err != nil {
		b.Fatal(err)
	}
	p.mouse = in
	b.Cleanup(func() { _ = in.Close(); _ = hand.Wait() })
}

func (p *probe) answer() {
	// The handler has run; what fyne.Do is given comes after the next frame.
	go fyne.Do(func() {
		select {
		case p.answered <- struct{}{}:
		default:
		}
	})
}

func (p *probe) click(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	if _, err := io.WriteString(p.mouse, "click --delay 0 1\n"); err != nil {
		b.Fatal(err)
	}
	select {
	case <-p.answered:
	case <-time.After(10 * time.Second):
		b.Fatal("a click was not answered")
	}
	return time.Since(began)
}

func title(w *gui.Window) (text string) {
	fyne.DoAndWait(func() { text = w.Title() })
	return text
}

// processors tells how much of their time the processors were taken away by
// the host of this machine, and how much time there was.
func processors() (stolen, all float64) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 1
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	for i, text := range strings.Fields(line)[1:] {
		n, _ := strconv.ParseFloat(text, 64)
		if all += n; i == 7 { // proc_stat(5): user nice system idle iowait irq softirq steal
			stolen = n
		}
	}
	return stolen, all
}

// forgetPeak has the kernel measure the most memory used from now on.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peak is the most memory this process ever had, in MB.
func peak() int {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if kB, ok := strings.CutPrefix(scan.Text(), "VmHWM:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kB)[0])
			return n / 1024
		}
	}
	return 0
}
