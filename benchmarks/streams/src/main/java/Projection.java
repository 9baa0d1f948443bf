import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The peer of reporting's projection: every fact kept by (subject, version), and meetings counted by country, month and crime type.
 *
 * One processor and two RocksDB stores with their changelogs, partial counters for each partition (no repartition topic): the fastest
 * way there is. Arguments: bootstrap, topic, records, folder of the stores, threads, commit interval in ms, processing guarantee,
 * and what is kept: "facts and counters", or "facts only".
 * Prints one line of JSON: seconds from the first record until the offsets of the last are committed, and what the stores then hold.
 */
public class Projection {
  static final AtomicLong FIRST = new AtomicLong(), SEEN = new AtomicLong();
  static final JsonFactory JSON = new JsonFactory();
  static boolean counting;

  /** What a fact adds to the counters; none where the meeting was retracted. */
  static List<String> cells(Map<String, byte[]> said, byte[] value) {
    List<String> found = new ArrayList<>(2);
    if (text(said, "ce_type").equals("meetings.meeting.retracted.v1")) return found;
    String month = null;
    List<String> types = new ArrayList<>(2);
    try (JsonParser json = JSON.createParser(value)) {
      while (json.nextToken() != null) {
        if (json.currentToken() != JsonToken.FIELD_NAME) continue;
        switch (json.currentName()) {
          case "started" -> { json.nextToken(); month = json.getText().substring(0, 7); }
          case "crime_types" -> { json.nextToken(); while (json.nextToken() != JsonToken.END_ARRAY) types.add(json.getText()); }
          default -> { }
        }
      }
    } catch (IOException e) { throw new UncheckedIOException(e); }
    for (String type : types) found.add(text(said, "ce_country") + "|" + month + "|" + type);
    return found;
  }

  static String text(Map<String, byte[]> said, String name) { return new String(said.get(name), StandardCharsets.UTF_8); }

  /** The attributes that are columns of ours, and the value, one after the other. */
  static final String[] KEPT = {"ce_source", "ce_id", "ce_type", "ce_time", "ce_recordedtime", "ce_country", "ce_mode",
      "ce_classification", "ce_actor", "ce_correlationid"};

  static byte[] row(Map<String, byte[]> said, byte[] value) {
    int length = 2 * KEPT.length + value.length;
    for (String name : KEPT) length += said.getOrDefault(name, new byte[0]).length;
    ByteBuffer row = ByteBuffer.allocate(length);
    for (String name : KEPT) { byte[] v = said.getOrDefault(name, new byte[0]); row.putShort((short) v.length).put(v); }
    return row.put(value).array();
  }

  /** The cells of a row that was kept. */
  static List<String> cellsOf(byte[] kept) {
    ByteBuffer row = ByteBuffer.wrap(kept);
    Map<String, byte[]> said = new HashMap<>();
    for (String name : KEPT) { byte[] v = new byte[row.getShort()]; row.get(v); said.put(name, v); }
    byte[] value = new byte[row.remaining()];
    row.get(value);
    return cells(said, value);
  }

  static byte[] key(UUID subject, int version) {
    return ByteBuffer.allocate(20).putLong(subject.getMostSignificantBits()).putLong(subject.getLeastSignificantBits()).putInt(version).array();
  }

  static class Fold implements Processor<byte[], byte[], Void, Void> {
    KeyValueStore<byte[], byte[]> facts;
    KeyValueStore<String, Long> counters;

    @Override public void init(ProcessorContext<Void, Void> context) {
      facts = context.getStateStore("facts");
      counters = context.getStateStore("counters");
    }

    @Override public void process(Record<byte[], byte[]> record) {
      if (FIRST.get() == 0) FIRST.compareAndSet(0, System.nanoTime());
      SEEN.incrementAndGet();
      Map<String, byte[]> said = new HashMap<>(32);
      for (Header header : record.headers()) said.put(header.key(), header.value());
      // As ours: what is said is judged before it is kept.
      UUID subject = UUID.fromString(text(said, "ce_subject"));
      UUID.fromString(text(said, "ce_id"));
      OffsetDateTime.parse(text(said, "ce_time"));
      OffsetDateTime.parse(text(said, "ce_recordedtime"));
      int version = Integer.parseInt(text(said, "ce_aggversion"));
      byte[] key = key(subject, version);
      if (facts.get(key) != null) return;
      // Records of a subject come in order: the state before is the version before.
      byte[] before = counting && version > 1 ? facts.get(key(subject, version - 1)) : null;
      facts.put(key, row(said, record.value()));
      if (counting) {
        if (before != null) for (String cell : cellsOf(before)) bump(cell, -1);
        for (String cell : cells(said, record.value())) bump(cell, 1);
      }
    }

    void bump(String cell, long by) {
      Long count = counters.get(cell);
      counters.put(cell, (count == null ? 0 : count) + by);
    }
  }

  static Topology topology(String topic) {
    return new Topology()
        .addSource("facts-in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic)
        .addProcessor("fold", Fold::new, "facts-in")
        .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("facts"), Serdes.ByteArray(), Serdes.ByteArray())
            .withCachingEnabled(), "fold")
        .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("counters"), Serdes.String(), Serdes.Long())
            .withCachingEnabled(), "fold");
  }

  static long committed(Admin admin, String group, String topic) throws Exception {
    long sum = 0;
    Map<TopicPartition, OffsetAndMetadata> known =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    for (var each : known.entrySet()) if (each.getKey().topic().equals(topic) && each.getValue() != null) sum += each.getValue().offset();
    return sum;
  }

  static <K, V> ReadOnlyKeyValueStore<K, V> store(KafkaStreams streams, String name) {
    return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, V>keyValueStore()));
  }

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0], topic = args[1], application = "streams-" + System.currentTimeMillis();
    long records = Long.parseLong(args[2]);
    Properties told = new Properties();
    told.put("application.id", application);
    told.put("bootstrap.servers", bootstrap);
    told.put("state.dir", args[3] + "/" + application);
    told.put("num.stream.threads", args[4]);
    told.put("commit.interval.ms", args[5]);
    told.put("processing.guarantee", args[6]);
    told.put("statestore.cache.max.bytes", String.valueOf(128L << 20));
    told.put("auto.offset.reset", "earliest");
    told.put("replication.factor", "1");
    told.put("max.poll.records", "5000");
    told.put("consumer.max.partition.fetch.bytes", "4194304");
    told.put("producer.linger.ms", "20");
    told.put("producer.batch.size", "262144");
    counting = args[7].equals("facts and counters");
    double seconds, halfway = 0;
    long facts = 0;
    Map<String, Long> counters = new HashMap<>();
    try (KafkaStreams streams = new KafkaStreams(topology(topic), told); Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      streams.start();
      long deadline = System.nanoTime() + 540_000_000_000L, now = 0, done = 0;
      while (done < records && now < deadline) {
        Thread.sleep(20);
        done = SEEN.get() == 0 ? 0 : committed(admin, application, topic);
        now = System.nanoTime();
        if (halfway == 0 && done >= records / 2) halfway = (now - FIRST.get()) / 1e9;
      }
      seconds = (now - FIRST.get()) / 1e9;
      try (KeyValueIterator<byte[], byte[]> all = Projection.<byte[], byte[]>store(streams, "facts").all()) {
        while (all.hasNext()) { all.next(); facts++; }
      }
      try (KeyValueIterator<String, Long> all = Projection.<String, Long>store(streams, "counters").all()) {
        while (all.hasNext()) { var each = all.next(); counters.merge(each.key, each.value, Long::sum); }
      }
    }
    counters.values().removeIf(count -> count == 0);
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
        "{\"seconds\": %.3f, \"half\": %.3f, \"facts\": %d, \"counters\": {", seconds, halfway, facts));
    counters.forEach((cell, count) -> out.append('"').append(cell).append("\":").append(count).append(','));
    if (!counters.isEmpty()) out.setLength(out.length() - 1);
    System.out.println(out.append("}}"));
    System.exit(0);
  }
}
