package core

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSeries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSeries()
		if s.Rate() != 0 || len(s.Points()) != 0 {
			t.Errorf("at the start %v a second, %v", s.Rate(), s.Points())
		}
		for range 100 { // 10 s of 100 a second
			time.Sleep(100 * time.Millisecond)
			s.Add(10)
		}
		if got := s.Rate(); got < 90 || got > 110 {
			t.Errorf("%v a second, want 100", got)
		}
		points := s.Points()
		if len(points) != 20 || points[4].At != 2500*time.Millisecond || points[4].Value != 100 {
			t.Errorf("%d points: %v", len(points), points)
		}
		time.Sleep(time.Minute)
		if got := s.Rate(); got != 0 {
			t.Errorf("%v a second after a minute of nothing", got)
		}
		time.Sleep(10 * time.Hour)
		s.Add(1000)
		points = s.Points()
		sum := 0.0
		for i, p := range points {
			width := p.At
			if i > 0 {
				width -= points[i-1].At
			}
			sum += p.Value * width.Seconds()
		}
		if len(points) > mostStretches || sum > 2000 || sum < 1000 {
			t.Errorf("%d points, that come to %v", len(points), sum)
		}
	})
}
