// Reads the notices of one partner: Kafka's own consumer brings them, the registry says what the bytes mean, Apache Avro reads them.
//
//     BOOTSTRAP=… USER=… PASSWORD=… CA=ca.pem TOPIC=… GROUP=… REGISTRY=http://… java -cp 'jars/*' TellUsOnce.java
//
// with kafka-clients, avro and jackson-databind among the jars. Every notice is printed as one line of JSON. MOST=n stops after n of
// them; without it, it runs until it is stopped.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class TellUsOnce {
  private static final Map<String, String> SAID = System.getenv();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Map<Integer, Schema> SCHEMAS = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    long left = Long.parseLong(SAID.getOrDefault("MOST", "0"));
    boolean forever = left == 0;
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (var consumer = new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(SAID.get("TOPIC")));
      while (forever || left > 0) {
        for (var message : consumer.poll(Duration.ofSeconds(1))) {
          if (forever || left-- > 0) {
            out.println(notice(message.value())); // act on it here, then say that you have it
          }
        }
        consumer.commitSync();
      }
    } catch (AuthorizationException | AuthenticationException refused) {
      System.err.println(refused.getClass().getSimpleName());
      System.exit(1);
    }
  }

  private static Map<String, Object> settings() {
    String login = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";";
    return Map.of(
        "bootstrap.servers", SAID.get("BOOTSTRAP"),
        "security.protocol", "SASL_SSL",
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", SAID.get("CA"),
        "sasl.mechanism", "SCRAM-SHA-512",
        "sasl.jaas.config", login.formatted(SAID.get("USER"), SAID.get("PASSWORD")),
        "group.id", SAID.get("GROUP"),
        "auto.offset.reset", "earliest",
        "enable.auto.commit", "false");
  }

  /** One magic byte, four bytes of schema id, and the record. */
  private static GenericRecord notice(byte[] value) throws IOException, InterruptedException {
    if (value[0] != 0) {
      throw new IOException("not in Confluent's wire format");
    }
    Schema schema = schema(ByteBuffer.wrap(value, 1, 4).getInt());
    var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
  }

  /** What the bytes behind this schema id mean; asked once. */
  private static Schema schema(int number) throws IOException, InterruptedException {
    if (!SCHEMAS.containsKey(number)) {
      var asked = HttpRequest.newBuilder(URI.create(SAID.get("REGISTRY") + "/schemas/ids/" + number)).build();
      String answer = HTTP.send(asked, BodyHandlers.ofString()).body();
      SCHEMAS.put(number, new Schema.Parser().parse(new ObjectMapper().readTree(answer).get("schema").asText()));
    }
    return SCHEMAS.get(number);
  }
}
