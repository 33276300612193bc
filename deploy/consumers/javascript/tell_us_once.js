// Reads the notices of one partner: kafkajs brings them, Confluent's registry client says what the bytes mean.
//
//     npm ci
//     BOOTSTRAP=… USER=… PASSWORD=… CA=ca.pem TOPIC=… GROUP=… REGISTRY=http://… node tell_us_once.js
//
// Every notice is printed as one line of JSON. MOST=n stops after n of them; without it, it runs until it is stopped.

const { readFileSync } = require('node:fs')
const { Kafka, logLevel } = require('kafkajs')
const { SchemaRegistry } = require('@kafkajs/confluent-schema-registry')

const said = process.env
const registry = new SchemaRegistry({ host: said.REGISTRY })
const kafka = new Kafka({
  brokers: said.BOOTSTRAP.split(','),
  ssl: { ca: [readFileSync(said.CA, 'utf8')] },
  sasl: { mechanism: 'scram-sha-512', username: said.USER, password: said.PASSWORD },
  logLevel: logLevel.NOTHING,
})
const consumer = kafka.consumer({ groupId: said.GROUP })
const stop = async (code, why) => {
  if (why) console.error(why)
  await consumer.disconnect().catch(() => {})
  process.exit(code)
}

const main = async () => {
  let left = Number(said.MOST || 0) || Infinity
  consumer.on(consumer.events.CRASH, ({ payload }) => stop(1, payload.error.type || payload.error.name))
  await consumer.connect()
  await consumer.subscribe({ topics: [said.TOPIC], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => {
      if (left <= 0) return
      console.log(JSON.stringify(await registry.decode(message.value))) // act on it here
      left -= 1
      if (left === 0) setImmediate(() => stop(0))
    },
  })
}

main().catch((error) => stop(1, error.type || error.name))
