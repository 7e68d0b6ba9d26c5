package images

import (
	"encoding/hex"
	"fmt"
	"image/color"
	"strings"
)

// Colour is an opaque colour: "#RRGGBB" or "#RGB" in hexadecimal as text,
// "white" or "black".
type Colour struct{ R, G, B uint8 }

// UnmarshalText reads a colour in one of its forms.
func (c *Colour) UnmarshalText(text []byte) error {
	t := strings.ToLower(strings.TrimSpace(string(text)))
	switch t {
	case "white":
		*c = Colour{255, 255, 255}
		return nil
	case "black":
		*c = Colour{}
		return nil
	}
	digits := strings.TrimPrefix(t, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 3 {
		return fmt.Errorf("%q is no colour; give white, black or a number like #336699", text)
	}
	*c = Colour{b[0], b[1], b[2]}
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (c Colour) MarshalText() ([]byte, error) {
	switch c {
	case Colour{255, 255, 255}:
		return []byte("white"), nil
	case Colour{}:
		return []byte("black"), nil
	}
	return fmt.Appendf(nil, "#%02x%02x%02x", c.R, c.G, c.B), nil
}

func (c Colour) nrgba() color.NRGBA { return color.NRGBA{c.R, c.G, c.B, 255} }
