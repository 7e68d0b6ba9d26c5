package load

import (
	"strconv"

	"manyhands/core/cell"
	"manyhands/core/database"
	"manyhands/core/records"
)

// usersAtOnce is how many users are generated as one piece.
const usersAtOnce = 10_000

// span is a stretch of users, by their numbers from 0.
type span struct{ from, n int }

// userColumns are those of generated users; created_at is filled by SQLite.
var (
	userColumns = []records.Column{{Name: "id", Type: cell.Integer}, {Name: "name", Type: cell.Text}, {Name: "email", Type: cell.Text}}
	createdAt   = []database.Filled{{Name: "created_at", Type: "TIMESTAMP", Default: "CURRENT_TIMESTAMP"}}
)

// users are generated rows: 7, User7, user7@example.com.
type users struct {
	span
	text []byte // of all names and addresses
	ends []int32
}

func newUsers(s span) *users {
	u := &users{span: s, text: make([]byte, 0, s.n*40), ends: make([]int32, 0, 2*s.n)}
	for i := range s.n {
		u.text = strconv.AppendInt(append(u.text, "User"...), int64(s.from+i), 10)
		u.ends = append(u.ends, int32(len(u.text)))
		u.text = strconv.AppendInt(append(u.text, "user"...), int64(s.from+i), 10)
		u.text = append(u.text, "@example.com"...)
		u.ends = append(u.ends, int32(len(u.text)))
	}
	return u
}

func (u *users) Len() int              { return u.n }
func (u *users) Int(row, _ int) int64  { return int64(u.from + row) }
func (u *users) Real(int, int) float64 { return 0 }
func (u *users) Line(row int) int64    { return int64(u.from+row) + 1 }
func (u *users) End(row int) int64     { return int64(u.from+row) + 1 }

func (u *users) Kind(_, col int) cell.Kind { return userColumns[col].Type }

func (u *users) Text(row, col int) string {
	i := 2*row + col - 1
	begin := int32(0)
	if i > 0 {
		begin = u.ends[i-1]
	}
	return string(u.text[begin:u.ends[i]])
}

func (u *users) Raw(row int) []byte {
	return []byte(strconv.Itoa(u.from+row) + "," + u.Text(row, 1) + "," + u.Text(row, 2))
}
