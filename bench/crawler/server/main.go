// server PAGES INDEX: the site of bench/crawler/run, from memory, on a port of the loopback interface that it prints.
//
// PAGES holds the pages one behind the other, INDEX a line for each: path, first byte and bytes, with tabs between them.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
)

func readSite(pagesFile, indexFile string) map[string][]byte {
	bytes, err := os.ReadFile(pagesFile)
	if err != nil {
		log.Fatal(err)
	}
	index, err := os.Open(indexFile)
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()
	site := map[string][]byte{}
	for lines := bufio.NewScanner(index); lines.Scan(); {
		var path string
		var begin, size int
		if _, err := fmt.Sscanf(lines.Text(), "%s\t%d\t%d", &path, &begin, &size); err != nil {
			log.Fatalf("%s: %q: %v", indexFile, lines.Text(), err)
		}
		site[path] = bytes[begin : begin+size]
	}
	return site
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: server PAGES INDEX")
	}
	site := readSite(os.Args[1], os.Args[2])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, question *http.Request) {
		page, found := site[question.URL.Path]
		if !found {
			http.NotFound(answer, question)
			return
		}
		answer.Header().Set("Content-Type", "text/html; charset=utf-8")
		answer.Header().Set("Content-Length", strconv.Itoa(len(page)))
		answer.Write(page)
	})))
}
