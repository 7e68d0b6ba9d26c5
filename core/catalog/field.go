package catalog

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Kind says how a form asks for a field.
type Kind uint8

// The kinds of field, told from the Go type and the tags: enum makes a
// Choice, kind:"folder", "newfolder", "file" and "lines" what they say.
const (
	Text Kind = iota
	Number
	Toggle
	Choice
	List // separated by commas, or what the tag sep says; Choices are suggestions
	Folder
	NewFolder // need not exist yet
	File
	Lines // a list with a value on each line
)

// Field is one setting of a Config: a flag, or an argument, and a row of the
// form. Its tags are kong's (help, default, enum, placeholder, arg, type) and:
// label (the form's words), kind, choices (suggestions for a list), more
// (shown only when asked for), pick (see Picker), live (see Adjuster), flags (--choice is
// short for --name choice).
type Field struct {
	Name    string // "keep-dates": the flag
	Label   string // "Keep dates"
	Help    string
	Kind    Kind
	Choices []string
	Default string
	Hint    string // an example, while empty
	More    bool
	Pick    bool // a Picker knows values for it
	Live    bool // an Adjuster takes it while the run goes on
	Flags   bool // each of the Choices is a flag by itself as well
	value   *kong.Value
}

// Fields lists the settings of c, bound to it, arguments first.
func Fields(c Config) ([]Field, error) {
	model, err := kong.New(c, kong.NoDefaultHelp())
	if err != nil {
		return nil, fmt.Errorf("describe %T: %w", c, err)
	}
	values := slices.Clone(model.Model.Positional)
	for _, flag := range model.Model.Flags {
		values = append(values, flag.Value)
	}
	fields := make([]Field, len(values))
	for i, v := range values {
		fields[i] = describe(v)
	}
	return fields, nil
}

func describe(v *kong.Value) Field {
	f := Field{
		Name: v.Name, Label: v.Tag.Get("label"), Help: v.Help, Kind: kindOf(v),
		Default: v.Default, Hint: v.Tag.PlaceHolder, More: v.Tag.Has("more"), Pick: v.Tag.Has("pick"), Live: v.Tag.Has("live"), Flags: v.Tag.Has("flags"), value: v,
	}
	if f.Label == "" {
		f.Label = strings.ToUpper(f.Name[:1]) + strings.ReplaceAll(f.Name[1:], "-", " ")
	}
	if v.Enum != "" {
		f.Choices = v.EnumSlice()
	} else if choices := v.Tag.Get("choices"); choices != "" {
		f.Choices = strings.Split(choices, ",")
	}
	return f
}

var kinds = map[string]Kind{"folder": Folder, "newfolder": NewFolder, "file": File, "lines": Lines}

func kindOf(v *kong.Value) Kind {
	if kind, ok := kinds[v.Tag.Get("kind")]; ok {
		return kind
	}
	_, named := reflect.TypeAssert[encoding.TextUnmarshaler](v.Target.Addr())
	switch {
	case v.IsSlice():
		return List
	case v.Enum != "":
		return Choice
	case named:
		return Text
	case v.IsBool():
		return Toggle
	case v.Target.CanInt(), v.Target.CanUint(), v.Target.CanFloat():
		return Number
	}
	return Text
}

// Text is the field's value as a flag would take it.
func (f Field) Text() string {
	if f.value.IsSlice() {
		parts := make([]string, f.value.Target.Len())
		for i := range parts {
			parts[i] = text(f.value.Target.Index(i))
		}
		return f.Join(parts...)
	}
	return text(f.value.Target)
}

func text(v reflect.Value) string {
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v); ok {
		if b, err := m.MarshalText(); err == nil {
			return string(b)
		}
	}
	return fmt.Sprint(v.Interface())
}

// Join writes values as Set reads them: several only for a list.
func (f Field) Join(values ...string) string {
	if f.value.IsSlice() {
		return kong.JoinEscaped(values, f.value.Tag.Sep)
	}
	return strings.Join(values, "")
}

// Set gives the field the value that a flag with this text would. Nothing at
// all means the default, for numbers and choices; else it means empty.
func (f Field) Set(value string) error {
	value = strings.TrimSpace(value)
	if value == "" {
		if f.Kind == Number || f.Kind == Choice {
			return f.reset()
		}
		f.value.Target.SetZero()
		return nil
	}
	if f.Kind == Choice && !slices.Contains(f.Choices, value) {
		return fmt.Errorf("%s: %q is none of %s", f.Label, value, strings.Join(f.Choices, ", "))
	}
	before := reflect.New(f.value.Target.Type()).Elem()
	before.Set(f.value.Target)
	f.value.Target.SetZero()
	scan := kong.ScanFromTokens(f.tokens(value)...)
	if err := f.value.Mapper.Decode(&kong.DecodeContext{Value: f.value, Scan: scan}, f.value.Target); err != nil {
		f.value.Target.Set(before)
		return fmt.Errorf("%s: %w", f.Label, err)
	}
	return nil
}

// tokens are what the command line would hold: arguments of a list stand for
// themselves, a flag's value is split by its mapper.
func (f Field) tokens(value string) []kong.Token {
	if f.value.Flag != nil || !f.value.IsSlice() {
		return []kong.Token{{Type: kong.FlagValueToken, Value: value}}
	}
	var tokens []kong.Token
	for _, part := range kong.SplitEscaped(value, f.value.Tag.Sep) {
		tokens = append(tokens, kong.Token{Type: kong.PositionalArgumentToken, Value: part})
	}
	return tokens
}

func (f Field) reset() error { return f.value.Reset() }

// Set gives one field of c, by its flag's name, a value. It reports whether
// there is such a field.
func Set(c Config, name, value string) (bool, error) {
	fields, err := Fields(c)
	if err != nil {
		return false, err
	}
	for _, f := range fields {
		if f.Name == name {
			return true, f.Set(value)
		}
	}
	return false, nil
}

// Defaults fills a zero Config with the defaults its tags name. It panics if
// the tags are wrong, which a scenario's first test shows.
func Defaults[C Config](c C) C {
	fields, err := Fields(c)
	for _, f := range fields {
		if err == nil {
			err = f.reset()
		}
	}
	if err != nil {
		panic(err)
	}
	return c
}

// Copy returns a second Config with the same settings.
func Copy(c Config) Config {
	to := reflect.New(reflect.TypeOf(c).Elem())
	to.Elem().Set(reflect.ValueOf(c).Elem())
	return to.Interface().(Config)
}
