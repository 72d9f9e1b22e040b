;; The dot products of the query with rows of floats: dots(row, end, rowBytes), addresses and length in bytes. The
;; query lies at 0, the scores go to 16384, one after the other (kernel.ts). Rows and query are padded with zeros to
;; 64 bytes, and there is at least one row.
;; Four running sums of four floats hide the latency of an addition. The memory's speed is what bounds it: reading
;; several rows at once took twice as long, because the processor then no longer reads ahead.
(module
  (import "env" "memory" (memory 1 65536))
  (func (export "dots") (param $row i32) (param $end i32) (param $rowBytes i32)
    (local $out i32) (local $q i32) (local $rowEnd i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $out (i32.const 16384))
    (loop $rows
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $q (i32.const 0))
      (local.set $rowEnd (i32.add (local.get $row) (local.get $rowBytes)))
      (loop $step
        (local.set $a (f32x4.add (local.get $a)
          (f32x4.mul (v128.load (local.get $q)) (v128.load (local.get $row)))))
        (local.set $b (f32x4.add (local.get $b)
          (f32x4.mul (v128.load offset=16 (local.get $q)) (v128.load offset=16 (local.get $row)))))
        (local.set $c (f32x4.add (local.get $c)
          (f32x4.mul (v128.load offset=32 (local.get $q)) (v128.load offset=32 (local.get $row)))))
        (local.set $d (f32x4.add (local.get $d)
          (f32x4.mul (v128.load offset=48 (local.get $q)) (v128.load offset=48 (local.get $row)))))
        (local.set $q (i32.add (local.get $q) (i32.const 64)))
        (br_if $step (i32.ne (local.tee $row (i32.add (local.get $row) (i32.const 64))) (local.get $rowEnd))))
      (local.set $a (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d))))
      (f32.store (local.get $out) (f32.add
        (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
        (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $rows (i32.ne (local.get $row) (local.get $end))))))
