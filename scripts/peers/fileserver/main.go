// Command fileserver serves the files of a folder on loopback, as fast as the
// system can send them, and /delay/N, which takes N seconds. It prints its
// address, and ends when its standard input does.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(os.Args[1])))
	mux.HandleFunc("/delay/{seconds}", delay)
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	// Ends with the process.
	go func() { log.Fatal(server.Serve(listener)) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func delay(w http.ResponseWriter, r *http.Request) {
	seconds, _ := strconv.ParseFloat(r.PathValue("seconds"), 64)
	time.Sleep(time.Duration(seconds * float64(time.Second)))
	_, _ = io.WriteString(w, "waited\n")
}
