/** What the detectors of objects know, the 80 classes of COCO: those that cameras see most come first. */
export const OBJECT_CLASSES: readonly string[] = [
  'person,bicycle,car,motorcycle,bus,truck,train,boat,airplane,dog,cat,bird,horse,sheep,cow,bear',
  'backpack,umbrella,handbag,suitcase,skateboard,sports ball,kite,frisbee,skis,snowboard,surfboard',
  'traffic light,stop sign,fire hydrant,parking meter,bench,chair,couch,bed,dining table,potted plant,toilet',
  'laptop,tv,cell phone,keyboard,mouse,remote,book,clock,bottle,cup,wine glass,fork,knife,spoon,bowl',
  'banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,elephant,zebra,giraffe,tie',
  'baseball bat,baseball glove,tennis racket,microwave,oven,toaster,sink,refrigerator,vase,scissors',
  'teddy bear,hair drier,toothbrush',
].flatMap((line) => line.split(','));
