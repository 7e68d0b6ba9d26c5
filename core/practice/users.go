package practice

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strconv"

	"manyhands/core/safefile"
)

// towns have letters beyond ASCII, quotes and commas in their names.
var towns = []string{"Köln", "Lyon", "Porto", "Gdańsk", `"Old" Sarum`, "Aarhus", "São Paulo, SP", "Kyōto"}

// faultyEvery is how many users there are to a line that lacks fields.
const faultyEvery = 40_000

// Users writes a CSV file of n users, the same each time: id, name, email,
// city, since, score. Some lines lack fields. A file that is there is left as it is.
func Users(ctx context.Context, dir string, n int) (path string, err error) {
	folder, err := safefile.Open(dir)
	if err != nil {
		return "", err
	}
	const name = "users.csv"
	err = put(ctx, folder, name, func(w io.Writer) error { return writeUsers(ctx, w, n) })
	return filepath.Join(dir, name), errors.Join(err, folder.Sync(), folder.Close())
}

func writeUsers(ctx context.Context, w io.Writer, n int) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"id", "name", "email", "city", "since", "score"}) // an error shows at Flush
	random := rand.New(rand.NewPCG(1, 2))                                    //nolint:gosec // to look at
	for i := range n {
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		_ = out.Write(user(i, random))
	}
	out.Flush()
	return out.Error()
}

func user(i int, random *rand.Rand) []string {
	if i%faultyEvery == faultyEvery/2 {
		return []string{strconv.Itoa(i), "half a line"}
	}
	return []string{
		strconv.Itoa(i), fmt.Sprintf("User%d", i), fmt.Sprintf("user%d@example.com", i), towns[random.IntN(len(towns))],
		fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)), fmt.Sprintf("%d.%d", random.IntN(100), 1+random.IntN(9)),
	}
}
