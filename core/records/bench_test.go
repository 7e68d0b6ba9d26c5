package records

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// users is a table of users: id, name, email, created_at; 4 % of the names
// quoted.
func users(rows int) []byte {
	r := rand.New(rand.NewPCG(1, 1))
	first := []string{"Ann", "Bob", "Chen", "Dana", "Eve", "Femi", "Goran", "Hana", "Ivan", "Jo", "Kofi", "Lena", "Mia", "Nils"}
	last := []string{"Smith", "Li", "Garcia", "Okoye", "Novak", "Weber", "Rossi", "Sato", "Khan", "Silva"}
	var b bytes.Buffer
	b.WriteString("id,name,email,created_at\r\n")
	for i := range rows {
		a, z := first[r.IntN(len(first))], last[r.IntN(len(last))]
		name := a + " " + z
		if r.Float64() < 0.04 {
			name = `"` + z + ", " + a + `"`
		}
		fmt.Fprintf(&b, "%d,%s,%s.%s%d@example.com,2026-%02d-%02d 12:%02d:00\r\n", i, name, a, z, i, 1+i%12, 1+i%28, i%60)
	}
	return b.Bytes()
}

var million = sync.OnceValue(func() []byte { return users(1_000_000) })

func jsonUsers(rows int) []byte {
	var b bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&b, `{"id":%d,"name":"Ann Smith","email":"ann.smith%d@example.com","created_at":"2026-01-%02d 12:00:00"}`+"\n", i, i, 1+i%28)
	}
	return b.Bytes()
}

// each passes every block of a benchmark round on.
func each(b *testing.B, f *File, do func(*Block)) {
	b.SetBytes(f.Size())
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		err := f.Blocks(Position{})(context.Background(), func(block *Block) bool {
			do(block)
			return true
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	f := open(b, string(million()), Options{})
	each(b, f, (*Block).Release)
}

// BenchmarkFile is all that is done to a file in one pass: it is read, split,
// parsed and converted, by one goroutine.
func BenchmarkFile(b *testing.B) {
	f := open(b, string(million()), Options{})
	p := NewParser(f.Layout, typed(f.Layout, Integer, Text, Text, Text))
	each(b, f, func(block *Block) { p.Parse(block).Release() })
}

// first is a block that is parsed over and over.
func first(b *testing.B, f *File) *Block {
	var first *Block
	err := f.Blocks(Position{})(b.Context(), func(block *Block) bool {
		first = block
		return false
	})
	if err != nil {
		b.Fatal(err)
	}
	kept := *first
	kept.Data = append(make([]byte, 0, mostPooled+1), first.Data...) // too large to be used again after Release
	return &kept
}

// parse reads one block with one parser.
func parse(b *testing.B, content []byte, columns bool, use func(*Batch)) {
	f := open(b, string(content), Options{})
	var s Survey
	p := NewParser(f.Layout, nil)
	block := first(b, f)
	again := func() *Block { c := *block; return &c }
	s.Add(p.Parse(again()))
	if columns {
		found, err := s.Columns(nil)
		if err != nil {
			b.Fatal(err)
		}
		p = NewParser(f.Layout, found)
	}
	b.SetBytes(int64(len(block.Data)))
	b.ReportAllocs()
	for b.Loop() {
		batch := p.Parse(again())
		if use != nil {
			use(batch)
		}
		batch.Release()
	}
}

func BenchmarkParse(b *testing.B)   { parse(b, users(20_000), false, nil) }
func BenchmarkConvert(b *testing.B) { parse(b, users(20_000), true, nil) }

func BenchmarkRead(b *testing.B) {
	var sum int
	parse(b, users(20_000), true, func(batch *Batch) {
		for row := range batch.Len() {
			sum += int(batch.Int(row, 0))
			for col := 1; col < batch.Columns(); col++ {
				sum += int(batch.Kind(row, col)) + len(batch.Text(row, col))
			}
		}
	})
}

func BenchmarkInfer(b *testing.B) {
	var s Survey
	parse(b, users(20_000), false, s.Add)
}

func BenchmarkJSONLines(b *testing.B) { parse(b, jsonUsers(20_000), true, nil) }
