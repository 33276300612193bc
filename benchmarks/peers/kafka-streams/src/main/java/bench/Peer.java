package bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/** Kafka Streams, exactly once: aggregate by case into RocksDB with its changelog topic; commit interval 100 ms (the default under exactly once). */
public final class Peer {
    private static volatile long[] started;
    private static volatile long[] stopped;

    private Peer() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> given = new HashMap<>();
        for (int at = 0; at < arguments.length; at += 2) given.put(arguments[at].substring(2), arguments[at + 1]);
        long events = Long.parseLong(given.get("events"));
        Schema schema = new Schema.Parser().parse(new File(given.get("schema")));
        CountDownLatch counted = new CountDownLatch(1);
        KafkaStreams streams = new KafkaStreams(topology(given.get("topic"), schema, events, counted).build(), settings(given));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            System.exit(1);
            return null;
        });
        streams.start();
        counted.await(30, TimeUnit.MINUTES);
        if (!streams.close(java.time.Duration.ofMinutes(2))) System.exit(1);
        report(events);
        System.exit(0);
    }

    private static StreamsBuilder topology(String topic, Schema schema, long events, CountDownLatch counted) {
        ThreadLocal<EventReader> reader = ThreadLocal.withInitial(() -> new EventReader(schema));
        AtomicLong done = new AtomicLong();
        long quarter = events / 4;
        int at = schema.getField("occurred_at").pos();
        int kind = schema.getField("kind").pos();
        int channel = schema.getField("channel").pos();
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.String(), Serdes.ByteArray()))
            .groupByKey()
            .aggregate(
                () -> Case.NOTHING,
                (key, value, known) -> {
                    GenericRecord event = reader.get().read(value);
                    Case next = known.learn((Long) event.get(at), number(event, kind), number(event, channel));
                    long now = done.incrementAndGet();
                    if (now == quarter) started = reading(now);
                    if (now == events) {
                        stopped = reading(now);
                        counted.countDown();
                    }
                    return next;
                },
                Materialized.<String, Case, KeyValueStore<Bytes, byte[]>>as("cases").withKeySerde(Serdes.String()).withValueSerde(Case.serde()));
        return builder;
    }

    private static int number(GenericRecord event, int position) {
        return event.getSchema().getFields().get(position).schema().getEnumOrdinal(event.get(position).toString());
    }

    private static Properties settings(Map<String, String> given) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, given.get("group"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.get("bootstrap"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, given.get("folder"));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.parseInt(given.getOrDefault("threads", "1")));
        settings.put("auto.offset.reset", "earliest");
        if (given.containsKey("cache")) settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.parseLong(given.get("cache")));
        return settings;
    }

    private static long[] reading(long events) {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new long[] {events, System.nanoTime(), system.getProcessCpuTime()};
    }

    private static void report(long events) throws Exception {
        long peak = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/status")))
            if (line.startsWith("VmHWM:")) peak = Long.parseLong(line.replaceAll("[^0-9]", ""));
        System.out.println(String.format(
            Locale.ROOT,
            "{\"events\": %d, \"counted_events\": %d, \"wall_seconds\": %.4f, \"cpu_seconds\": %.4f, \"memory_mb\": %.1f}",
            events, stopped[0] - started[0], (stopped[1] - started[1]) / 1e9, (stopped[2] - started[2]) / 1e9, peak / 1024.0));
    }
}
