// Reads the notices of one partner: franz-go brings them, its registry client says what the bytes mean, hamba/avro reads them.
//
//	BOOTSTRAP=… USER=… PASSWORD=… CA=ca.pem TOPIC=… GROUP=… REGISTRY=http://… go run .
//
// Every notice is printed as one line of JSON. MOST=n stops after n of them; without it, it runs until it is stopped.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
	"github.com/twmb/franz-go/pkg/sr"
)

var schemas = map[int]avro.Schema{}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	most, _ := strconv.Atoi(os.Getenv("MOST"))
	registry, err := sr.NewClient(sr.URLs(os.Getenv("REGISTRY")))
	if err != nil {
		return err
	}
	client, err := connect()
	if err != nil {
		return err
	}
	defer client.Close()
	for read := 0; most == 0 || read < most; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return err
		}
		for _, each := range fetches.Errors() {
			return each.Err
		}
		for _, record := range fetches.Records() {
			if most != 0 && read >= most {
				break
			}
			notice, err := decode(ctx, registry, record.Value)
			if err != nil {
				return err
			}
			line, err := json.Marshal(notice)
			if err != nil {
				return err
			}
			fmt.Println(string(line)) // act on it here, then say that you have it
			read++
			if err := client.CommitRecords(ctx, record); err != nil {
				return err
			}
		}
	}
	return nil
}

func connect() (*kgo.Client, error) {
	pem, err := os.ReadFile(os.Getenv("CA"))
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(pem)
	return kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("BOOTSTRAP"), ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: authorities}),
		kgo.SASL(scram.Auth{User: os.Getenv("USER"), Pass: os.Getenv("PASSWORD")}.AsSha512Mechanism()),
		kgo.ConsumerGroup(os.Getenv("GROUP")),
		kgo.ConsumeTopics(os.Getenv("TOPIC")),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
	)
}

// decode reads one magic byte, four bytes of schema id, and the record.
func decode(ctx context.Context, registry *sr.Client, value []byte) (map[string]any, error) {
	var header sr.ConfluentHeader
	id, body, err := header.DecodeID(value)
	if err != nil {
		return nil, err
	}
	schema, known := schemas[id]
	if !known {
		answer, err := registry.SchemaByID(ctx, id)
		if err != nil {
			return nil, err
		}
		if schema, err = avro.Parse(answer.Schema); err != nil {
			return nil, err
		}
		schemas[id] = schema
	}
	notice := map[string]any{}
	return notice, avro.Unmarshal(schema, body, &notice)
}
