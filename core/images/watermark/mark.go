// Package watermark puts a text or a picture on pictures.
//
//	"© Anna:bottom-right:50%" ──► Mark ──► Open ──► Stamp ──► Draw, on every picture
//	"logo.png:tile"                        font or            scaled to each size once,
//	                                       picture, once      and kept for the next
package watermark

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Mark is what to put on pictures, and where. As text it is
// TEXT|FILE[:POSITION[:OPACITY]]. The zero value is no mark.
type Mark struct {
	Text     string // or the path of a picture, told by its extension
	Position Position
	Opacity  float64 // 0 (not seen) to 1; as text also 0% to 100%, and 0.5 if it is not given
}

const usualOpacity = 0.5

// IsZero reports whether there is no mark.
func (m Mark) IsZero() bool { return m.Text == "" }

// UnmarshalText reads from the end: an opacity and a position, if they are
// there, and all that is left is the text. So colons in it do no harm, and
// with a space behind the colon, "Part: 1", nothing is taken for an opacity.
func (m *Mark) UnmarshalText(text []byte) error {
	read := Mark{Text: string(text), Opacity: usualOpacity}
	if read.Text == "" {
		*m = Mark{}
		return nil
	}
	front, last := cut(read.Text)
	opacity, ok, err := parseOpacity(last)
	if err != nil {
		return err
	}
	if ok {
		read.Text, read.Opacity = front, opacity
		front, last = cut(front)
	}
	if p, ok := parsePosition(last); ok {
		read.Text, read.Position = front, p
	}
	if read.Text == "" {
		return fmt.Errorf("%q has no text and no picture; write it in front", text)
	}
	*m = read
	return nil
}

// cut takes off what is behind the last colon. Without a colon there is no
// such thing: the text may be "top".
func cut(text string) (front, last string) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, ""
	}
	return text[:i], text[i+1:]
}

var opacityForm = regexp.MustCompile(`^(\d+|\d*\.\d+)(%?)$`)

// parseOpacity reads a number from 0 to 1, or a percentage. Other numbers may
// be a part of the text, "Anna: 2026", other percentages are a mistake.
func parseOpacity(text string) (opacity float64, ok bool, err error) {
	parts := opacityForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, false, nil
	}
	opacity, err = strconv.ParseFloat(parts[1], 64)
	if parts[2] == "" {
		return opacity, err == nil && opacity <= 1, nil
	}
	if opacity /= 100; err != nil || opacity > 1 {
		return 0, false, fmt.Errorf("the opacity %s is not possible; choose 0%% to 100%%", text)
	}
	return opacity, true, nil
}

// MarshalText writes what UnmarshalText reads, as short as possible. It fails
// if the position or the opacity is impossible.
func (m Mark) MarshalText() ([]byte, error) {
	if m.IsZero() {
		return nil, nil
	}
	if err := m.checkPlace(); err != nil {
		return nil, err
	}
	position, opacity := ":"+m.Position.String(), ":"+strconv.FormatFloat(m.Opacity, 'f', -1, 64)
	for _, end := range []string{"", position, opacity} {
		var read Mark
		if read.UnmarshalText([]byte(m.Text+end)) == nil && read == m {
			return []byte(m.Text + end), nil
		}
	}
	return []byte(m.Text + position + opacity), nil
}

// Check says what is wrong with a mark. It looks at the picture's file.
func (m Mark) Check() error {
	if m.IsZero() {
		return nil
	}
	if isPicture(m.Text) {
		return errors.Join(m.checkPlace(), checkPicture(m.Text))
	}
	if file, rest := cut(m.Text); isPicture(file) {
		return fmt.Errorf("%q is no position and no opacity of %s; choose from %s, and 0%% to 100%%", rest, file, strings.Join(positions[:], ", "))
	}
	return errors.Join(m.checkPlace(), checkLetters(m.Text))
}

func (m Mark) checkPlace() error {
	if int(m.Position) >= len(positions) {
		return fmt.Errorf("there is no position %d; choose from %s", m.Position, strings.Join(positions[:], ", "))
	}
	if !(m.Opacity >= 0 && m.Opacity <= 1) { // also true for not-a-number
		return fmt.Errorf("the opacity %g is not possible; choose 0 to 1, or 0%% to 100%%", m.Opacity)
	}
	return nil
}
