package bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What is known of a case, kept in 26 bytes: count, first, last, symbol number of the last event's kind, one bit per channel's symbol number. */
record Case(long count, long first, long last, int lastKind, int channels) {
    static final Case NOTHING = new Case(0, Long.MAX_VALUE, Long.MIN_VALUE, 0, 0);

    Case learn(long at, int kind, int channel) {
        boolean newest = at > last;
        return new Case(count + 1, Math.min(first, at), newest ? at : last, newest ? kind : lastKind, channels | 1 << channel);
    }

    static Serde<Case> serde() {
        return Serdes.serdeFrom((topic, known) -> known == null ? null : known.bytes(), (topic, bytes) -> bytes == null ? null : of(bytes));
    }

    private byte[] bytes() {
        return ByteBuffer.allocate(26).putLong(count).putLong(first).putLong(last).put((byte) lastKind).put((byte) channels).array();
    }

    private static Case of(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        return new Case(from.getLong(), from.getLong(), from.getLong(), from.get(), from.get());
    }
}
