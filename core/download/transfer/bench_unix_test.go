//go:build unix

package transfer

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// rawServer answers GET /N by N bytes, as quickly as it can. It runs in a
// process of its own, until its standard input ends.
func rawServer() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(2)
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			os.Exit(2)
		}
		go rawAnswers(conn)
	}
}

func rawAnswers(conn net.Conn) {
	defer conn.Close()
	in, block := bufio.NewReader(conn), content(1<<20, 1)
	for {
		n := int64(0)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if strings.HasPrefix(line, "GET /") {
				_, _ = fmt.Sscanf(line, "GET /%d", &n)
			}
			if line == "\r\n" {
				break
			}
		}
		head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\n\r\n", n)
		if n <= int64(len(block)) {
			_, _ = conn.Write(append([]byte(head), block[:n]...))
			continue
		}
		_, _ = io.WriteString(conn, head)
		for n > 0 {
			m, err := conn.Write(block[:min(n, int64(len(block)))])
			if err != nil {
				return
			}
			n -= int64(m)
		}
	}
}

func startRaw(b *testing.B) (address string) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TRANSFER_SERVER=1")
	in, _ := cmd.StdinPipe()
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "http://" + strings.TrimSpace(line)
}

// used is the processor time of this process.
func used() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// folders are where the benchmarks save to: in memory, and on a disk.
func folders(b *testing.B) map[string]func() string {
	b.Helper()
	disk := func() string { return b.TempDir() }
	memory := func() string {
		dir, err := os.MkdirTemp("/dev/shm", "transfer")
		if err != nil {
			b.Skip(err)
		}
		b.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	return map[string]func() string{"memory": memory, "disk": disk}
}

// BenchmarkLarge loads one file of 2 GB, by turns with curl if that is there.
// curl does not wait for the disk, so on one it is also timed with a sync after
// it.
func BenchmarkLarge(b *testing.B) {
	const n = 2e9
	address := fmt.Sprintf("%s/%d", startRaw(b), int64(n))
	curl, _ := exec.LookPath("curl")
	for name, folder := range folders(b) {
		b.Run(name, func(b *testing.B) {
			var curls, syncs, curlCPU, ourCPU time.Duration
			p := reenter(b, Options{}, folder())
			for b.Loop() {
				cpu := used()
				f, err := p.do(Request{Address: address})
				if err != nil {
					b.Fatal(err)
				}
				ourCPU += used() - cpu
				b.StopTimer()
				_ = os.Remove(filepath.Join(p.dir, f.Name))
				if curl != "" {
					out := filepath.Join(p.dir, "curl")
					cmd, began := exec.Command(curl, "-s", "-o", out, address), time.Now()
					if err := cmd.Run(); err != nil {
						b.Fatal(err)
					}
					curls += time.Since(began)
					curlCPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
					if file, err := os.OpenFile(out, os.O_RDWR, 0); err == nil {
						_ = file.Sync()
						_ = file.Close()
					}
					syncs += time.Since(began)
					_ = os.Remove(out)
				}
				b.StartTimer()
			}
			loops := float64(b.N)
			b.ReportMetric(ourCPU.Seconds()/loops/n*1e9, "cpu-s/GB")
			b.ReportMetric(n*loops/b.Elapsed().Seconds()/1e6, "MB/s")
			if curl != "" {
				b.ReportMetric(b.Elapsed().Seconds()/curls.Seconds(), "of-curl's-time")
				b.ReportMetric(b.Elapsed().Seconds()/syncs.Seconds(), "of-curl-and-sync")
				b.ReportMetric(ourCPU.Seconds()/curlCPU.Seconds(), "of-curl's-cpu")
			}
		})
	}
}

// BenchmarkSmall loads files of 100 KB and of 100 bytes over 16 connections, by
// turns with one curl -Z for all.
func BenchmarkSmall(b *testing.B) {
	address := startRaw(b)
	curl, _ := exec.LookPath("curl")
	for _, test := range []struct{ size, count int }{{100_000, 1000}, {100, 10_000}} {
		for name, folder := range folders(b) {
			b.Run(fmt.Sprint(test.size, "B/", name), func(b *testing.B) {
				var curls time.Duration
				for b.Loop() {
					p := reenter(b, Options{}, folder())
					var next atomic.Int64
					var wg sync.WaitGroup
					for range 16 {
						wg.Go(func() {
							var progress Progress
							for i := next.Add(1); i <= int64(test.count); i = next.Add(1) {
								_, err := p.do(Request{Address: fmt.Sprintf("%s/%d?%d", address, test.size, i), Name: fmt.Sprint(i), Progress: &progress})
								if err != nil {
									b.Error(err)
								}
							}
						})
					}
					wg.Wait()
					b.StopTimer()
					_ = os.RemoveAll(p.dir)
					if curl != "" {
						curls += timeCurl(b, curl, folder(), address, test.size, test.count)
					}
					b.StartTimer()
				}
				b.ReportMetric(float64(test.count*b.N)/b.Elapsed().Seconds(), "files/s")
				if curl != "" {
					b.ReportMetric(b.Elapsed().Seconds()/curls.Seconds(), "of-curl's-time")
				}
			})
		}
	}
}

func timeCurl(b *testing.B, curl, dir, address string, size, count int) time.Duration {
	b.Helper()
	defer os.RemoveAll(dir)
	var config strings.Builder
	for i := range count {
		fmt.Fprintf(&config, "url = %s/%d?%d\noutput = %s/%d\n", address, size, i, dir, i)
	}
	cmd := exec.Command(curl, "-s", "-Z", "--parallel-max", "16", "-K", "-")
	cmd.Stdin = strings.NewReader(config.String())
	began := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
