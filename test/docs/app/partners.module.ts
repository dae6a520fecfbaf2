import { Module } from '@nestjs/common';

interface Partner {
  active: boolean;
  secretHashes: string[];
  tenant: string;
}

export abstract class Partners {
  abstract byClientId(clientId: string): Promise<Partner | undefined>;
}

@Module({})
export class PartnersModule {}
