package io.supplychain.stream;

import static org.apache.flink.table.annotation.ArgumentTrait.PASS_COLUMNS_THROUGH;
import static org.apache.flink.table.annotation.ArgumentTrait.SET_SEMANTIC_TABLE;

import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * SQL function: tells of every order line whether its {@code order_item_id} was counted before.
 *
 * <p>Its input is partitioned by the block of {@value #BLOCK_SIZE} ids that the line is in. A block remembers its ids as one bit
 * each, so that millions of order lines leave a state of a few hundred kilobytes that never needs to expire.
 */
@DataTypeHint("ROW<repeated BOOLEAN NOT NULL>")
public class CountOnce extends ProcessTableFunction<Row> {
  private static final int BLOCK_SIZE = 1024;

  /** The ids of one block that were counted. */
  public static class Counted {
    /** Bit n of the bytes stands for the id that leaves n when divided by the block's size. */
    public byte[] bits = new byte[BLOCK_SIZE / Byte.SIZE];
  }

  /** Looks one order line up and remembers it. */
  public void eval(
      @StateHint Counted counted,
      @ArgumentHint({SET_SEMANTIC_TABLE, PASS_COLUMNS_THROUGH}) Row line) {
    long id = line.getFieldAs("order_item_id");
    int position = (int) (id % BLOCK_SIZE);
    int index = position / Byte.SIZE;
    int mask = 1 << position % Byte.SIZE;
    boolean repeated = (counted.bits[index] & mask) != 0;
    counted.bits[index] |= (byte) mask;
    collect(Row.of(repeated));
  }
}
