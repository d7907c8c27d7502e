package io.supplychain.stream;

import static org.apache.flink.table.annotation.ArgumentTrait.PASS_COLUMNS_THROUGH;
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
import org.apache.flink.types.Row;

/**
 * SQL function: one message in, one row out: an order line, or why it is none ({@code reason}, {@code field}).
 *
 * <p>Money is in cents, as sums of whole numbers cost a fraction of sums of decimals.
 */
@DataTypeHint(
    value =
        """
        ROW<
          order_item_id BIGINT, order_id BIGINT, order_date TIMESTAMP(6),
          product_id INT, retailer_id INT, customer_id BIGINT,
          quantity BIGINT, sales_cents BIGINT, profit_cents BIGINT,
          order_status STRING, delivery_status STRING, shipping_mode STRING,
          real_shipping_days BIGINT, scheduled_shipping_days BIGINT, late_delivery_risk BIGINT,
          market STRING, order_country STRING,
          reason STRING, field STRING>
        """,
    bridgedTo = RowData.class)
public class ParseOrderLine extends ProcessTableFunction<RowData> {
  /** Job parameter: the JDBC URL of the reference tables. */
  public static final String DATABASE_URL = "database-url";

  private static final int COLUMNS = 19;
  private static final int REASON = 17;
  private static final int FIELD = 18;
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
      @ArgumentHint({ROW_SEMANTIC_TABLE, PASS_COLUMNS_THROUGH}) Row received) {
    try {
      line.parse(received.getFieldAs("message"));
      references.check(line);
      collect(orderLine());
    } catch (Rejection rejection) {
      collect(rejected(rejection));
    }
  }

  private RowData orderLine() {
    return GenericRowData.of(
        line.number(Field.ORDER_ITEM_ID),
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
        null,
        null);
  }

  private static RowData rejected(Rejection rejection) {
    GenericRowData row = new GenericRowData(COLUMNS);
    row.setField(REASON, StringData.fromString(rejection.reason().code()));
    row.setField(FIELD, StringData.fromString(rejection.field()));
    return row;
  }

  private static TimestampData timestamp(long micros) {
    return TimestampData.fromEpochMillis(Math.floorDiv(micros, 1000L), Math.floorMod(micros, 1000) * 1000);
  }

  /** Statuses, markets and countries repeat in every message; each is encoded once. */
  private StringData encoded(String text) {
    if (texts.size() >= REMEMBERED_TEXTS) {
      texts.clear();
    }
    return texts.computeIfAbsent(text, StringData::fromString);
  }
}
