// Package filter changes pictures that are already in memory.
//
//	"gaussian:1.5" ──► Filter ──► Apply ──► the changed picture
//	                      └─────► Size ───► how large it will be
//
// A filter is one line in the list of effects: its name, the argument it
// takes, and the function that does the work. Most of that work is imaging's.
package filter

import (
	"fmt"
	"strconv"
	"strings"
)

// Filter is one change of a picture's pixels. As text it is NAME, which means
// the usual argument, or NAME:ARGUMENT: "gaussian:1.5", "crop:16/9".
type Filter struct {
	Name   string
	Amount float64 // of a filter that takes a number
	Arg    string  // of flip and crop
}

// Names are the filters there are, in the order they are offered.
func Names() []string {
	names := make([]string, len(effects))
	for i, e := range effects {
		names[i] = e.name
	}
	return names
}

// Help lists the filters with their arguments, those that may be left out in
// brackets.
func Help() string {
	var list []string
	for _, e := range effects {
		list = append(list, e.name+e.argument)
	}
	return strings.Join(list, ", ")
}

// UnmarshalText reads NAME or NAME:ARGUMENT, in any case.
func (f *Filter) UnmarshalText(text []byte) error {
	name, argument, given := strings.Cut(strings.ToLower(string(text)), ":")
	e, err := find(strings.TrimSpace(name))
	if err != nil {
		return err
	}
	read := Filter{Name: e.name, Amount: e.usual, Arg: e.usualArg}
	if given {
		if err := e.read(&read, strings.TrimSpace(argument)); err != nil {
			return fmt.Errorf("the filter %s: %w", e.name, err)
		}
	}
	if err := read.Check(); err != nil {
		return err
	}
	*f = read
	return nil
}

// read takes over an argument that was given.
func (e effect) read(f *Filter, argument string) (err error) {
	switch {
	case e.tidy != nil:
		f.Arg, err = e.tidy(argument)
	case e.most == 0:
		f.Arg = argument // which Check refuses
	default:
		if f.Amount, err = strconv.ParseFloat(argument, 64); err != nil {
			err = fmt.Errorf("%q is no number; choose %g to %g", argument, e.least, e.most)
		}
	}
	return err
}

// MarshalText writes what UnmarshalText reads.
func (f Filter) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

func (f Filter) String() string {
	e, _ := find(f.Name)
	switch {
	case f.Amount == e.usual && f.Arg == e.usualArg:
		return f.Name
	case f.Arg != "":
		return f.Name + ":" + f.Arg
	}
	return f.Name + ":" + strconv.FormatFloat(f.Amount, 'g', -1, 64)
}

// Check says what is wrong with a filter.
func (f Filter) Check() error {
	_, err := f.effect()
	return err
}

// effect is what the filter stands for, if it is a possible one.
func (f Filter) effect() (effect, error) {
	e, err := find(f.Name)
	switch {
	case err != nil:
		return e, err
	case e.most == 0 && f.Amount != 0, e.tidy == nil && f.Arg != "":
		return e, fmt.Errorf("the filter %s takes no such argument; write %s%s", e.name, e.name, e.argument)
	case !(f.Amount >= e.least && f.Amount <= e.most): // also true for not-a-number
		return e, fmt.Errorf("the filter %s: the amount %g is not possible; choose %g to %g", e.name, f.Amount, e.least, e.most)
	case e.tidy == nil:
		return e, nil
	}
	if _, err := e.tidy(f.Arg); err != nil {
		return e, fmt.Errorf("the filter %s: %w", e.name, err)
	}
	return e, nil
}

func find(name string) (effect, error) {
	for _, e := range effects {
		if e.name == name {
			return e, nil
		}
	}
	return effect{}, fmt.Errorf("there is no filter %q; choose from %s", name, strings.Join(Names(), ", "))
}
