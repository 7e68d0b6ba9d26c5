package fetch

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// Whatever a column holds, it stays in its place.
func TestColumnsStayInTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(1, 20, -1).Draw(t, "value")
		columns, row := []string{"v"}, []string{value}
		body := addresses.ParseLoose(`{"a": "x {v} y", "b": {"c": [1]}}`, columns, escapeFor(jsonType))
		var got map[string]any
		if err := json.Unmarshal([]byte(body.Fill(0, row)), &got); err != nil || got["a"] != "x "+strings.ToValidUTF8(value, "\uFFFD")+" y" {
			t.Fatalf("%q became %v, %v", value, got["a"], err)
		}
		if strings.ContainsAny(oneLine(value), "\r\n\x00") {
			t.Fatalf("%q can add a header", value)
		}
	})
}

func FuzzForm(f *testing.F) {
	for _, seed := range []string{`\{`, "{a}{a}{", `{"a": "{a}"}`, "Accept: {a}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_ = addresses.ParseLoose(text, []string{"a"}, escapeFor(kindOfBody(text)))
		if name, v, err := web.ParseHeader(text); err == nil && strings.ContainsAny(name+v, "\r\n") {
			t.Fatalf("%q makes two headers", text)
		}
	})
}
