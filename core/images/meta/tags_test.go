package meta_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tagsOf tells a structure's tags, "DIRECTORY/TAG" in hexadecimal, with values
// as text that does not depend on the byte order. Pointers are followed and not
// told. It is for sound structures: it panics at others.
func tagsOf(t *testing.T, b []byte) map[string]string {
	t.Helper()
	if len(b) == 0 {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	tags := map[string]string{}
	next := walk(tags, "0", b, order, order.Uint32(b[4:]))
	if next != 0 {
		walk(tags, "1", b, order, next)
	}
	return tags
}

func walk(tags map[string]string, name string, b []byte, order binary.ByteOrder, at uint32) (next uint32) {
	n := int(order.Uint16(b[at:]))
	last := -1
	for e := range slices.Chunk(b[at+2:][:12*n], 12) {
		id, kind, count := order.Uint16(e), order.Uint16(e[2:]), order.Uint32(e[4:])
		if int(id) <= last {
			panic(fmt.Sprintf("%x after %x", id, last))
		}
		last = int(id)
		if id == 0x8769 || id == 0x8825 || id == 0xa005 {
			walk(tags, fmt.Sprintf("%x", id), b, order, order.Uint32(e[8:]))
			continue
		}
		tags[fmt.Sprintf("%s/%x", name, id)] = valueOf(b, order, kind, count, e[8:])
	}
	return order.Uint32(b[at+2+uint32(12*n):])
}

func valueOf(b []byte, order binary.ByteOrder, kind uint16, count uint32, value []byte) string {
	length := count * map[uint16]uint32{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8}[kind]
	if length > 4 {
		value = b[order.Uint32(value):]
	}
	value = value[:length]
	var numbers []string
	switch kind {
	case 3:
		for v := range slices.Chunk(value, 2) {
			numbers = append(numbers, fmt.Sprint(order.Uint16(v)))
		}
	case 4, 5:
		for v := range slices.Chunk(value, 4) {
			numbers = append(numbers, fmt.Sprint(order.Uint32(v)))
		}
	case 12:
		for v := range slices.Chunk(value, 8) {
			numbers = append(numbers, fmt.Sprint(order.Uint64(v)))
		}
	default:
		return strings.TrimRight(string(value), "\x00")
	}
	return strings.Join(numbers, " ")
}

// reversed turns each unit of a text around, as another byte order has it.
func reversed(text string, unit int) string {
	b := []byte(text)
	for v := range slices.Chunk(b, unit) {
		slices.Reverse(v)
	}
	return string(b)
}
