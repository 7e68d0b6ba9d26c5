// Plainrate fetches addresses as a few lines with x/time/rate do: a limiter
// whose burst is its rate, five goroutines.
//
// usage: plainrate RATE ADDRESS...
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	limit := rate.NewLimiter(rate.Limit(n), n)
	addresses := make(chan string)
	var ok atomic.Int64
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { // ends with the addresses
			for address := range addresses {
				if limit.Wait(context.Background()) == nil && get(address) {
					ok.Add(1)
				}
			}
		})
	}
	for _, address := range os.Args[2:] {
		addresses <- address
	}
	close(addresses)
	wg.Wait()
	fmt.Println(ok.Load(), "of", len(os.Args)-2)
}

func get(address string) bool {
	answer, err := http.Get(address) //nolint:gosec,noctx // of the practice server
	if err != nil {
		return false
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}
