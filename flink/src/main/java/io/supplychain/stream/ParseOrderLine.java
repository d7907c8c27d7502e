package io.supplychain.stream;

import static org.apache.flink.table.annotation.ArgumentTrait.ROW_SEMANTIC_TABLE;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;

/**
 * SQL function: one message in, one row out: an order line, or why it is none ({@code reason}, {@code field}).
 *
 * <p>Money is in cents, as sums of whole numbers cost a fraction of sums of decimals. The columns of the input are handed
 * on by this function, since rows that Flink puts together from input and output cost more to read than all the parsing.
 */
@DataTypeHint(value = "ROW<" + Columns.READ_MESSAGE + ">", bridgedTo = RowData.class)
public class ParseOrderLine extends ProcessTableFunction<RowData> {
  /** Job parameter: the JDBC URL of the reference tables. */
  public static final String DATABASE_URL = "database-url";

  /** The columns of the input. */
  private static final class In {
    static final int MESSAGE_KEY = 0;
    static final int MESSAGE = 1;
    static final int KAFKA_PARTITION = 2;
    static final int KAFKA_OFFSET = 3;
    static final int PRODUCED_AT = 4;
  }

  private static final int MILLISECONDS = 3;
  private static final long ACTIVITY_BUCKET_MILLIS = 10_000;
  private static final int REMEMBERED_TEXTS = 10_000;

  private transient OrderLineParser line;
  private transient References references;
  private transient Map<String, StringData> texts;

  @Override
  public void open(FunctionContext context) throws Exception {
    String url = context.getJobParameter(DATABASE_URL, null);
    if (url == null) {
      throw new IllegalStateException("job parameter " + DATABASE_URL + " is missing: the reference tables' JDBC URL");
    }
    references = References.load(url);
    line = new OrderLineParser();
    texts = new HashMap<>();
  }

  /** Checks one message and emits its row. */
  public void eval(
      @ArgumentHint(
              value = ROW_SEMANTIC_TABLE,
              type = @DataTypeHint(value = "ROW<" + Columns.MESSAGE + ">", bridgedTo = RowData.class))
          RowData received) {
    try {
      line.parse(bytes(received, In.MESSAGE));
      references.check(line);
      collect(row(received, "", ""));
    } catch (Rejection rejection) {
      line.clear();
      collect(row(received, rejection.reason().code(), rejection.field()));
    }
  }

  private RowData row(RowData received, String reason, String field) {
    TimestampData producedAt = received.getTimestamp(In.PRODUCED_AT, MILLISECONDS);
    return GenericRowData.of(
        line.number(Field.ORDER_ITEM_ID),
        line.number(Field.ORDER_ITEM_ID) / CountOnce.BLOCK_SIZE,
        received.getInt(In.KAFKA_PARTITION),
        received.getLong(In.KAFKA_OFFSET),
        producedAt,
        bucket(producedAt),
        line.number(Field.ORDER_ID),
        timestamp(line.number(Field.ORDER_DATE)),
        (int) line.number(Field.PRODUCT_ID),
        (int) line.number(Field.RETAILER_ID),
        line.number(Field.CUSTOMER_ID),
        line.number(Field.QUANTITY),
        line.number(Field.SALES),
        line.number(Field.PROFIT),
        encoded(line.text(Field.ORDER_STATUS)),
        encoded(line.text(Field.DELIVERY_STATUS)),
        encoded(line.text(Field.SHIPPING_MODE)),
        line.number(Field.REAL_SHIPPING_DAYS),
        line.number(Field.SCHEDULED_SHIPPING_DAYS),
        line.number(Field.LATE_DELIVERY_RISK),
        encoded(line.text(Field.MARKET)),
        encoded(line.text(Field.ORDER_COUNTRY)),
        encoded(reason),
        encoded(field),
        bytes(received, In.MESSAGE_KEY),
        bytes(received, In.MESSAGE));
  }

  private static byte[] bytes(RowData received, int column) {
    return received.isNullAt(column) ? null : received.getBinary(column);
  }

  private static TimestampData bucket(TimestampData moment) {
    long millis = moment.getMillisecond();
    return TimestampData.fromEpochMillis(millis - Math.floorMod(millis, ACTIVITY_BUCKET_MILLIS));
  }

  private static TimestampData timestamp(long micros) {
    return TimestampData.fromEpochMillis(Math.floorDiv(micros, 1000L), Math.floorMod(micros, 1000) * 1000);
  }

  /** Statuses, markets, countries and reasons repeat in every message; each is encoded once. */
  private StringData encoded(String text) {
    if (texts.size() >= REMEMBERED_TEXTS) {
      texts.clear();
    }
    return texts.computeIfAbsent(text, StringData::fromString);
  }
}
