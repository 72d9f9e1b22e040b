import { Module } from '@nestjs/common';
import { WorkersModule } from '../workers/workers.module';
import { CorrectionsController } from './correction/corrections.controller';
import { CorrectionsService } from './correction/corrections.service';
import { KeptFaceService } from './correction/kept-face.service';
import { EnrolmentChecks } from './enrolment/enrolment-checks.service';
import { EnrolmentService } from './enrolment/enrolment.service';
import { FaceReader } from './enrolment/face-reader.service';
import { FacesController } from './enrolment/faces.controller';
import { FaceLibrary } from './library/face-library';
import { ModelChangeService } from './model/model-change.service';
import { ModelController } from './model/model.controller';
import { PeopleController } from './people.controller';
import { PeopleService } from './people.service';
import { Recogniser } from './recognition/recogniser';
import { ScoresService } from './recognition/scores.service';
import { SearchController } from './search/search.controller';
import { SearchService } from './search/search.service';
import { UnknownController } from './unknown/unknown.controller';
import { UnknownService } from './unknown/unknown.service';

/** Who was seen: people, the faces they are known by, and those whom nobody knows. */
@Module({
  imports: [WorkersModule],
  controllers: [
    UnknownController,
    ModelController,
    PeopleController,
    FacesController,
    CorrectionsController,
    SearchController,
  ],
  providers: [
    CorrectionsService,
    EnrolmentChecks,
    EnrolmentService,
    FaceLibrary,
    FaceReader,
    KeptFaceService,
    ModelChangeService,
    PeopleService,
    Recogniser,
    ScoresService,
    SearchService,
    UnknownService,
  ],
  exports: [FaceLibrary],
})
export class PeopleModule {}
