// Reads one AsyncAPI document as @asyncapi/parser does, Avro included, and prints what it finds wrong as JSON.
const { readFileSync } = require('node:fs')
const { Parser } = require('@asyncapi/parser')
const { AvroSchemaParser } = require('@asyncapi/avro-schema-parser')

const main = async () => {
  const parser = new Parser()
  parser.registerSchemaParser(AvroSchemaParser())
  const { document, diagnostics } = await parser.parse(readFileSync(process.argv[2], 'utf8'))
  const found = diagnostics.map(({ code, severity, message, path }) => ({ code, severity, message, path: path.join('.') }))
  console.log(JSON.stringify({ channels: document ? document.allChannels().length : 0, found }))
}

main()
