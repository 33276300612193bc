package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Avro's generic reader, decoder and record used again for every event: its quickest way. One per thread. */
final class EventReader {
    private static final int HEADER = 5;
    private final GenericDatumReader<GenericRecord> reader;
    private BinaryDecoder decoder;
    private GenericRecord event;

    EventReader(Schema schema) {
        reader = new GenericDatumReader<>(schema);
    }

    GenericRecord read(byte[] value) {
        try {
            decoder = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, decoder);
            event = reader.read(event, decoder);
            return event;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
